"""Pictures of agreements as pure data: what a drawing, its table and its download show."""
