// The style sheet of report.html.
#pragma once

#include <string_view>

namespace kmb::report {

inline constexpr std::string_view kStyle = R"css(
:root {
  color-scheme: light dark;
  --ink: #1b1f24; --soft: #59636e; --page: #ffffff; --panel: #f5f7f9; --line: #d4dae0;
  --link: #0b5cad; --warn-line: #b7791f; --warn-page: #fff7e6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e3e7eb; --soft: #9aa5b1; --page: #14181d; --panel: #1d232a; --line: #353e48;
    --link: #6fb3f2; --warn-line: #d69e2e; --warn-page: #2b2415;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem;
  color: var(--ink); background: var(--page);
  font: 16px/1.6 system-ui, "Segoe UI", "Noto Sans", "Noto Sans TC", "Noto Sans CJK TC",
    "PingFang TC", "Microsoft JhengHei", "WenQuanYi Micro Hei", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, h4 { line-height: 1.3; margin: 2.2rem 0 .7rem; }
h1 { font-size: 1.75rem; margin-top: .5rem; }
h2 { font-size: 1.35rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; }
h4, h5, h6 { font-size: 1rem; }
p, ul, ol { margin: .7rem 0; }
ul, ol { padding-left: 1.4rem; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .875em; }
code { background: var(--panel); border-radius: 4px; padding: .1em .3em; }
pre {
  background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  padding: .8rem 1rem; overflow-x: auto; overflow-wrap: normal;
}
pre code { background: none; padding: 0; font-size: 1em; }
nav { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem 1rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0; padding: 0; }
.scroll { overflow-x: auto; margin: .8rem 0 1.4rem; max-width: 100%; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.4; }
caption { caption-side: top; text-align: left; color: var(--soft); padding-bottom: .4rem; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; overflow-wrap: normal; }
th { font-weight: 600; border-bottom-width: 2px; vertical-align: bottom; }
td + td, th + th { padding-left: .5rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number { white-space: normal; }
.remark { display: block; color: var(--soft); font-size: .8rem; }
td:not(.number) { max-width: 34rem; overflow-wrap: break-word; }
figure { margin: 1.2rem 0 1.8rem; }
figure img {
  display: block; max-width: 100%; height: auto; background: #ffffff;
  border: 1px solid var(--line); border-radius: 6px;
}
figcaption { color: var(--soft); font-size: .9rem; margin-top: .4rem; }
.notice {
  border-left: 4px solid var(--warn-line); background: var(--warn-page);
  border-radius: 0 6px 6px 0; padding: .6rem 1rem; margin: 1rem 0;
}
details { border: 1px solid var(--line); border-radius: 6px; padding: .5rem 1rem; margin: .7rem 0; }
summary { cursor: pointer; font-weight: 600; }
@media (max-width: 36rem) {
  body { padding: 1rem .9rem 3rem; font-size: 15px; }
  h1 { font-size: 1.4rem; }
  td:not(.number) { max-width: 58vw; overflow-wrap: anywhere; }
}
@media print {
  :root {
    --ink: #000000; --soft: #444444; --page: #ffffff; --panel: #ffffff; --line: #bbbbbb;
    --link: #000000; --warn-line: #000000; --warn-page: #ffffff;
  }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  table { font-size: 8.5pt; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
  figure, tr, .notice { break-inside: avoid; }
  thead { display: table-header-group; }
  h2, h3 { break-after: avoid; }
}
)css";

}  // namespace kmb::report
