using System.Text;

namespace ReSTE.Native.Host;

/// <summary>
/// The look of a page, in light and dark, with a colour for each of ten rows. Each colour stands out from the page by 4.9 to 1 or more, so
/// that text in it can be read.
/// </summary>
internal static class PageStyle
{
    private static readonly (string Light, string Dark)[] s_colours =
    [
        ("#1f5fbf", "#6ea8ff"), ("#b8520a", "#ff9a4d"), ("#1a7f37", "#4cc46b"), ("#8b2fc9", "#cf94ff"), ("#c0143c", "#ff7a90"),
        ("#087783", "#40cfdc"), ("#7a4a21", "#d2a679"), ("#c2288f", "#ff8ad0"), ("#686c00", "#c8cc3a"), ("#4d5560", "#b3bcc8"),
    ];

    public static string Css { get; } = Make();

    private static string Make()
    {
        var text = new StringBuilder("""
            :root { color-scheme: light dark; --back: #fff; --ink: #1c1c1e; --faint: #d9d9de; --soft: #7c7c84; --warn: #fff4d6 }
            @media (prefers-color-scheme: dark) { :root { --back: #16171a; --ink: #ececf0; --faint: #3a3b41; --soft: #9a9aa4;
            --warn: #3a3113 } }
            body { background: var(--back); color: var(--ink); font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto;
            padding: 0 1rem; overflow-wrap: anywhere }
            figure { margin: 1rem 0 } figcaption { font-size: .9rem; margin-top: .3rem }
            svg { width: 100%; height: auto; display: block } .wide svg { min-width: 37rem }
            svg text { font: 12px sans-serif; fill: var(--ink) }
            svg .l { fill: var(--row); paint-order: stroke; stroke: var(--back); stroke-width: 3px; stroke-linejoin: round }
            .small { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 0 1.5rem }
            path { fill: none; stroke: var(--row); stroke-width: 2; stroke-linejoin: round }
            path.g, path.z { stroke: var(--faint); stroke-width: 1 } .f { fill: none; stroke: var(--ink) }
            path.a { stroke: none; fill: var(--row); opacity: .13 } circle { fill: var(--row) } .d { stroke-dasharray: 5 4 }
            .plain { --row: var(--ink) } .faded { --row: var(--soft) } .scroll { overflow-x: auto }
            .caveat { background: var(--warn); padding: .6rem 1rem } pre { white-space: pre-wrap; overflow-wrap: anywhere }
            table { border-collapse: collapse; font-size: .9rem; white-space: nowrap; overflow-wrap: normal }
            th, td { border-bottom: 1px solid var(--faint); padding: .3rem .6rem; text-align: right }
            th:first-child, td:last-child, th:last-child { text-align: left } td:last-child { white-space: normal }

            """.ReplaceLineEndings("\n"));
        text.AppendJoin(' ', s_colours.Index().Select(row => Colour(row.Index, row.Item.Light))).Append('\n');
        text.Append("@media (prefers-color-scheme: dark) { ")
            .AppendJoin(' ', s_colours.Index().Select(row => Colour(row.Index, row.Item.Dark))).Append(" }\n");
        return text.ToString();

        static string Colour(int row, string colour) => $".s{Numbers.Text(row)} {{ --row: {colour} }}";
    }
}
