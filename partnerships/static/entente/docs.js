/*
 * Swagger UI fills in the example of every parameter that may be left out, so that the first try asks for agreements
 * that answer to twenty filters at once, and finds none. Here they stay empty: whoever tries, chooses.
 */
"use strict";
const leaveOptionalEmpty = () => ({
  statePlugins: {
    spec: {
      wrapSelectors: {
        parameterWithMetaByIdentity:
          (original) =>
          (...args) => {
            const parameter = original(...args);
            return !parameter || parameter.get("required")
              ? parameter
              : parameter.delete("example").delete("examples").deleteIn(["schema", "example"]);
          },
      },
    },
  },
});
