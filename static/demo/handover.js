// Posts the start code at once. Sent before the page has loaded, the form replaces this page in the history, so that
// Back leads to where the button was pressed.
document.getElementById("handover").submit();
