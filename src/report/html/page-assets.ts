/** The style of the page: one column, light or dark as the reader's system is, fit for print. */
export const style = `
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#171a21;--soft:#5b6472;--line:#dfe3e9;--code:#f1f3f6;--mark:#ffe58f;--mark-ink:#3b2f00;
--critical:#a3123a;--high:#c2410c;--medium:#8a6100;--low:#1d5fb8;--info:#566173;--good:#12733f;--fair:#8a6100;--bad:#a3123a;--link:#1d5fb8}
@media(prefers-color-scheme:dark){:root{--bg:#0f1217;--card:#171b22;--ink:#e7eaf0;--soft:#9aa4b3;--line:#2a303a;--code:#10141a;--mark:#5c4a00;--mark-ink:#ffeeb0;
--critical:#ff7a9c;--high:#ff9a62;--medium:#f0c04a;--low:#7fb2ff;--info:#aab4c3;--good:#57cf8d;--fair:#f0c04a;--bad:#ff7a9c;--link:#7fb2ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main,header{max-width:1040px;margin:0 auto;padding:0 20px}
header{padding-top:32px}
h1{font-size:15px;font-weight:600;margin:0 0 2px;color:var(--soft);letter-spacing:.02em}
h2{font-size:18px;margin:36px 0 12px}
h3{font-size:16px;line-height:1.35;margin:0}
h4{font-size:12px;text-transform:uppercase;letter-spacing:.06em;color:var(--soft);margin:18px 0 6px}
p{margin:6px 0}
.target{font-size:24px;font-weight:650;overflow-wrap:anywhere;margin:0}
.soft{color:var(--soft)}
.small{font-size:13px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin:0 0 14px}
.top{display:grid;grid-template-columns:auto 1fr;gap:26px;align-items:center;margin-top:20px}
.grade{width:116px;height:116px;border-radius:14px;display:flex;flex-direction:column;align-items:center;justify-content:center;border:3px solid currentColor}
.grade b{font-size:54px;line-height:1}
.grade span{font-size:14px}
.good{color:var(--good)}.fair{color:var(--fair)}.bad{color:var(--bad)}
.warn{border:2px solid var(--fair)}
.warn strong{color:var(--fair);letter-spacing:.05em}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}
.chip{border:1px solid var(--line);border-radius:999px;padding:1px 10px;font-size:13px;color:var(--soft)}
.tag{display:inline-block;border-radius:5px;padding:0 8px;font-size:12px;font-weight:700;letter-spacing:.05em;text-transform:uppercase;border:1px solid currentColor}
.critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}.info{color:var(--info)}
.finding{border-left:5px solid currentColor}
.finding>*{color:var(--ink)}
.finding .tag{color:inherit}
.finding.critical .tag{color:var(--critical)}.finding.high .tag{color:var(--high)}.finding.medium .tag{color:var(--medium)}.finding.low .tag{color:var(--low)}.finding.info .tag{color:var(--info)}
.line{display:flex;flex-wrap:wrap;gap:6px 12px;align-items:baseline;margin-bottom:6px}
.finding .soft{color:var(--soft)}
code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere}
pre{background:var(--code);border:1px solid var(--line);border-radius:7px;padding:10px 12px;margin:6px 0;white-space:pre-wrap;overflow-wrap:anywhere;max-height:420px;overflow:auto}
mark{background:var(--mark);color:var(--mark-ink);border-radius:3px;padding:0 2px}
.proof{font-size:16px}
details{border-top:1px solid var(--line);padding:8px 0}
details:first-of-type{margin-top:6px}
summary{cursor:pointer;overflow-wrap:anywhere}
summary .soft{margin-left:6px}
.copy{position:relative}
.copy pre{padding-right:76px}
button{position:absolute;top:8px;right:8px;font:inherit;font-size:12px;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:2px 10px;cursor:pointer}
button:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{font-size:12px;text-transform:uppercase;letter-spacing:.05em;color:var(--soft)}
td.num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.mid,td.mid{text-align:center}
tr:last-child td{border-bottom:0}
.scroll{overflow-x:auto}
.bar{display:block;width:100%;min-width:120px;height:10px;margin-top:7px}
.bar .rail{fill:var(--line)}
.bar .fill{fill:currentColor}
.names{white-space:nowrap}
footer{max-width:1040px;margin:30px auto 40px;padding:0 20px;color:var(--soft);font-size:13px}
@media(max-width:620px){.top{grid-template-columns:1fr}.target{font-size:19px}th,td{padding:6px}}
@media print{body{background:#fff}.card{break-inside:avoid}button{display:none}pre{max-height:none}}
`;

/** Copy buttons. They stay hidden where scripts do not run. */
export const script = `
for (const button of document.querySelectorAll('button[hidden]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const source = button.parentElement.querySelector('pre');
    const done = (text) => { button.textContent = text; setTimeout(() => { button.textContent = 'Copy'; }, 1500); };
    const select = () => { getSelection().selectAllChildren(source); done('Press Ctrl+C'); };
    if (!navigator.clipboard) return select();
    navigator.clipboard.writeText(source.textContent).then(() => done('Copied'), select);
  });
}
addEventListener('beforeprint', () => { for (const each of document.querySelectorAll('details')) each.open = true; });
`;
