namespace ReSTE.Native.Host;

/// <summary>The look of a report: the page's, and what curves, histograms and tables of numbers need.</summary>
internal static class ReportStyle
{
    /// <summary>Shades of lines from a network's first layer to its last.</summary>
    public const int Shades = 8;

    public static string Css { get; } = PageStyle.Css + """
        :root { --soft: #62626a }
        @media (prefers-color-scheme: dark) { :root { --soft: #a6a6b0 } }
        body { max-width: 76rem; font: 16px/1.55 Charter, "Iowan Old Style", Palatino, "Palatino Linotype", Georgia, serif }
        h1 { font-size: 1.9rem; line-height: 1.2; margin: .2rem 0 .4rem }
        h2 { font-size: 1.3rem; margin: 2.4rem 0 .6rem; padding-top: .5rem; border-top: 1px solid var(--faint) }
        h3 { font-size: 1rem; margin: .2rem 0 }
        .kind { margin: 0; letter-spacing: .04em } .lead { margin: 0 0 1rem }
        .kind, .note, figcaption { color: var(--soft) } .note { font-size: .9rem; max-width: 46rem }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .8rem 1.5rem; margin: 1.2rem 0 }
        .figures div { border-top: 3px solid var(--ink); padding-top: .3rem } .figures dt { font-size: .9rem; color: var(--soft) }
        .figures dd { margin: 0; font-size: 1.6rem; line-height: 1.3; font-variant-numeric: lining-nums tabular-nums }
        .figures small { font-size: .85rem; color: var(--soft); display: block }
        .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(21.5rem, 100%), 1fr)); gap: .6rem 2rem }
        .grid figure, .grid > div { margin: .4rem 0; min-width: 0; break-inside: avoid }
        svg text { font: 12px system-ui, sans-serif; font-variant-numeric: tabular-nums } svg .f { stroke: var(--faint) }
        path { stroke-width: 1.7 } path.g, path.z { stroke-width: .7 } circle { stroke: var(--back); stroke-width: 1.5 }
        .h { fill: transparent } .h:hover { fill: var(--ink); opacity: .08 }
        .key { white-space: nowrap; margin-right: 1em; color: var(--ink) } .key svg { width: 1.7em; height: .7em; display: inline-block }
        td, th { font-variant-numeric: lining-nums tabular-nums; vertical-align: middle } thead th { border-bottom-color: var(--ink) }
        .layers { width: 100% } .layers th { font-weight: normal } .layers thead th { vertical-align: bottom }
        .layers svg { width: 9.5rem; height: 2.6rem; margin: auto } .layers td:has(svg) { padding: .1rem .6rem }
        .layers :is(th, td):is(:nth-child(4), :last-child) { text-align: center }
        .now { fill: var(--row); stroke: none; opacity: .55 } .then { stroke: var(--ink); stroke-width: 1 }
        .mid { stroke: var(--soft); stroke-width: .7 } .bold { stroke-width: 2.6 }
        .pairs { width: 100%; white-space: normal; table-layout: fixed } .pairs th { font-weight: normal; color: var(--soft); width: 40% }
        .pairs td, .pairs th { text-align: left; vertical-align: top; overflow-wrap: anywhere; padding: .2rem .6rem .2rem 0 }
        .runs td:last-child { text-align: right; white-space: nowrap } .runs th { text-align: left }
        .differ td, .differ th { text-align: left; white-space: normal; vertical-align: top } code { font-size: .9em }
        @media (max-width: 30rem) { body { margin: 1rem auto; padding: 0 .8rem } h1 { font-size: 1.5rem } svg text { font-size: 13px } }
        @media print { body { max-width: none; font-size: 11pt; margin: 0 } .h { display: none } h2, h3 { break-after: avoid }
        tr { break-inside: avoid } .scroll { overflow: visible } .grid { grid-template-columns: repeat(2, 1fr) } }

        """.ReplaceLineEndings("\n") + string.Concat(Enumerable.Range(0, Shades).Select(shade =>
            $".k{Numbers.Text(shade)} {{ opacity: {Numbers.Fixed(0.3 + 0.7 * shade / (Shades - 1), 2)}; stroke-width: 1.2 }}\n"));
}
