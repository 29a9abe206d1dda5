// How html-validate judges the pages: by all that it recommends, but for what is a matter of style and not of validity.
export default {
  root: true,
  extends: ["html-validate:recommended"],
  rules: {
    // HTML knows no upper and lower case there: we always write it small.
    "doctype-style": ["error", { style: "lowercase" }],
    // Search engines cut longer titles. They do not see these pages, and a title repeats the heading of its page.
    "long-title": "off",
    // A button without a type submits its form: that is what HTML says.
    "no-implicit-button-type": "off",
    // Several buttons of one name are the answers to one question; this rule sees that only with the type written out.
    "form-dup-name": "off",
  },
};
