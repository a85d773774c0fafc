// Run by tests/lighthouse: ADDRESS PASSWORD.
import { startFlow } from "lighthouse";
import puppeteer from "puppeteer-core";

const [address, password] = process.argv.slice(2);
const PROMISED = { score: 98, lcp: 1500, inp: 200 };
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

async function browser() {
  return puppeteer.launch({
    executablePath: process.env.CHROME_PATH,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

async function signIn(page, email) {
  await page.goto(`${address}/sign-in`);
  await page.type("[name=name]", email);
  await page.type("[name=password]", password);
  await Promise.all([page.waitForNavigation(), page.click("main form button")]);
}

const PAGES = [
  { name: "start", path: async () => "/" },
  { name: "questions", path: async page => {
    await signIn(page, "dang-lam@example.vn");
    await page.goto(`${address}/assessments`);
    await page.goto(`${address}${new URL(page.url()).pathname}/sections/P3`);
    return new URL(page.url()).pathname;
  } },
  { name: "result", path: async page => {
    await signIn(page, "ket-qua@example.vn");
    await page.goto(`${address}/assessments`);
    return new URL(page.url()).pathname;
  } },
];

// Clicks statements while Lighthouse watches, with the phone's slow processor.
async function interaction(page) {
  const flow = await startFlow(page);
  await flow.startTimespan();
  const names = await page.$$eval("#topic input[type=radio]", all => [...new Set(all.map(one => one.name))]);
  for (const [index, name] of names.entries()) {
    await page.click(`label:has(> input[name='${name}'][value='${index % 5}'])`);
    await new Promise(done => setTimeout(done, 300));
  }
  await flow.endTimespan();
  const result = await flow.createFlowResult();
  return result.steps[0].lhr.audits["interaction-to-next-paint"].numericValue;
}

function bytes(lhr) {
  const items = lhr.audits["network-requests"].details.items.filter(item => item.url.startsWith(address));
  return items.map(item => [new URL(item.url).pathname, item.transferSize]);
}

let failed = false;
const check = (value, is_good) => { failed ||= !is_good; return is_good ? value : `${value} (!)`; };

for (const { name, path } of PAGES) {
  const chromium = await browser();
  const page = await chromium.newPage();
  const where = await path(page);
  // The first visit: nothing is in the cache.
  const session = await page.createCDPSession();
  await session.send("Network.clearBrowserCache");
  const flow = await startFlow(page, { flags: { disableStorageReset: true } });
  await flow.navigate(address + where);
  const { lhr } = (await flow.createFlowResult()).steps[0];
  const audit = id => Math.round(lhr.audits[id].numericValue);
  const scores = CATEGORIES.map(category => Math.round(100 * lhr.categories[category].score));
  const shown = scores.map((score, index) => `${CATEGORIES[index]} ${check(score, score >= PROMISED.score)}`).join(", ");
  console.log(`\n${name} (${where})\n  ${shown}`);
  const lcp = audit("largest-contentful-paint");
  console.log(`  LCP ${check(lcp, lcp <= PROMISED.lcp)} ms, first paint ${audit("first-contentful-paint")} ms, `
    + `blocked ${audit("total-blocking-time")} ms, shift ${lhr.audits["cumulative-layout-shift"].displayValue}`);
  if (name === "questions") {
    const inp = Math.round(await interaction(page));
    console.log(`  INP ${check(inp, inp <= PROMISED.inp)} ms, the slowest of a click on every question`);
  }
  const files = bytes(lhr);
  for (const [file, size] of files) console.log(`  ${String(size).padStart(7)}  ${file}`);
  console.log(`  ${String(files.reduce((sum, [, size]) => sum + size, 0)).padStart(7)}  bytes over the network`);
  const lost = CATEGORIES.flatMap(category => lhr.categories[category].auditRefs)
    .filter(ref => ref.weight > 0 && lhr.audits[ref.id].score !== null && lhr.audits[ref.id].score < 0.9);
  for (const ref of lost) console.log(`  costs points: ${ref.id}: ${lhr.audits[ref.id].title} ${lhr.audits[ref.id].displayValue ?? ""}`);
  await chromium.close();
}
process.exitCode = failed ? 1 : 0;
