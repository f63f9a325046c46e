using System.Text;

namespace ReSTE.Native.Host;

/// <summary>The look of a page, in light and dark, with a colour for each of ten rows.</summary>
internal static class PageStyle
{
    private static readonly int[] s_hues = [215, 25, 130, 290, 50, 185, 335, 90, 255, 0];

    public static string Css { get; } = Make();

    private static string Make()
    {
        var text = new StringBuilder("""
            :root { color-scheme: light dark; --back: #fff; --ink: #1c1c1e; --faint: #d9d9de; --light: 36%; --warn: #fff4d6 }
            @media (prefers-color-scheme: dark) { :root { --back: #16171a; --ink: #ececf0; --faint: #3a3b41; --light: 70%;
            --warn: #3a3113 } }
            body { background: var(--back); color: var(--ink); font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto;
            padding: 0 1rem }
            figure { margin: 1rem 0 } figcaption { font-size: .9rem } svg { width: 100%; height: auto; display: block }
            svg text { font: 12px sans-serif; fill: var(--ink) }
            .small { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)) }
            path { fill: none; stroke-width: 2; stroke-linejoin: round } path.g, path.z { stroke: var(--faint); stroke-width: 1 }
            .f { fill: none; stroke: var(--ink) } path.a { opacity: .16 } .d { stroke-dasharray: 5 4 } .scroll { overflow-x: auto }
            .caveat { background: var(--warn); padding: .6rem 1rem } pre { white-space: pre-wrap; overflow-wrap: anywhere }
            table { border-collapse: collapse; font-size: .9rem }
            th, td { border-bottom: 1px solid var(--faint); padding: .3rem .6rem; text-align: right }
            th { text-align: left }

            """.ReplaceLineEndings("\n"));
        foreach (var (row, hue) in s_hues.Index())
        {
            var (name, colour) = (Numbers.Text(row), $"hsl({Numbers.Text(hue)} {(hue == 0 ? "0%" : "75%")} var(--light))");
            text.Append($"path.s{name} {{ stroke: {colour} }} ")
                .Append($"circle.s{name}, svg text.s{name}, path.a.s{name} {{ fill: {colour}; stroke: none }}\n");
        }
        return text.ToString();
    }
}
