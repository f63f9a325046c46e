using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ReSTE.Native.Export.C;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Page;

/// <summary>What a page says of a network that the network does not know itself.</summary>
/// <param name="Numbers">Parameters and statistics that it had before it was packed.</param>
/// <param name="Top1">Its top-1 in percent, as measured in training; null where that is not known.</param>
/// <param name="Samples">Test images to show.</param>
internal sealed record PageFacts(long Numbers, double? Top1, IReadOnlyList<SampleImage> Samples);

/// <summary>A page that holds a network, what runs it, and what shows it; it loads nothing.</summary>
internal static partial class HtmlPage
{
    private static readonly Dictionary<string, string> s_fixed = new()
    {
        ["style"] = Text("page.css"),
        ["network"] = Text("network.js"),
        ["picture"] = Text("picture.js"),
        ["script"] = Text("page.js"),
        ["kernels"] = Convert.ToBase64String(Resource("kernels.wasm")),
    };

    /// <summary>Makes it.</summary>
    /// <exception cref="ExportException">The network is too large for 32-bit sizes.</exception>
    public static string Of(PackedNetwork network, PageFacts facts)
    {
        var calls = new KernelCalls(network);
        var memory = new PageMemory(calls);
        string plan = PagePlan.Of(calls, memory, facts.Samples);
        byte[] packed = PackedFile.Write(network);
        PackedInput input = network.Input;
        var parts = new Dictionary<string, string>(s_fixed)
        {
            ["title"] = Escaped($"{network.Name} on {network.Dataset}"),
            ["heading"] = Escaped($"{network.Name} on {network.Dataset}"),
            ["lead"] = Escaped(Lead(network)),
            ["figures"] = Figures(network, facts, packed.Length),
            ["width"] = Number(input.Width),
            ["height"] = Number(input.Height),
            ["size"] = $"{Number(input.Width)}\u00a0\u00d7\u00a0{Number(input.Height)}",
            ["footer"] = Escaped(Footer(calls, packed)),
            ["plan"] = plan,
            ["data"] = Convert.ToBase64String(memory.Data.Span),
        };
        return Part().Replace(Text("page.html"), part => parts[part.Groups[1].Value]);
    }

    private static string Lead(PackedNetwork network)
    {
        int signs = network.Layers.OfType<SignConv>().Count();
        int all = signs + network.Layers.OfType<RealConv>().Count() + network.Layers.OfType<LinearLayer>().Count();
        string classes = network.Classes.Count == 1 ? "one class" : $"{Number(network.Classes.Count)} classes";
        return $"It tells {classes} apart. Of its {Number(all)} layers with weights {Number(signs)} compute with single bits: each weight "
            + "is +1 or \u22121, and so is each number that it multiplies.";
    }

    private static string Figures(PackedNetwork network, PageFacts facts, long packed)
    {
        var values = PackedValues.Of(network);
        long signs = network.Layers.OfType<SignConv>().Sum(l => (long)l.Conv.Channels * values.Taps(l.Name, l.Input, l.Conv.Kernel));
        long whole = facts.Numbers * sizeof(float);
        string figures = facts.Top1 is { } top1 ? Figure("top-1", Escaped(Invariant($"{top1:f2} %")), "as its training measured it") : "";
        figures += Figure("size, packed", Size(packed), Invariant($"1/{(double)whole / packed:f0} of {Size(whole)} in float32"));
        string share = Invariant($"{100.0 * signs / facts.Numbers:f1} % of its numbers");
        figures += Figure("weights of one bit", Invariant($"{signs:n0}"), share);
        return figures + Figure("an image takes", "<span id=\"time\">&ndash;</span>", "in this browser, on one thread");
    }

    private static string Figure(string what, string value, string note) =>
        $"<div><dt>{Escaped(what)}</dt><dd>{value}<small>{Escaped(note)}</small></dd></div>\n";

    private static string Footer(KernelCalls calls, byte[] packed) =>
        $"Written by reste export --format html. The script makes {Number(calls.All.Count + 1)} calls of kernels in WebAssembly, compiled "
        + "from the same C code as the C form; an image's scores are those of the packed file bit for bit. SHA-256 of that file: "
        + $"{Convert.ToHexStringLower(SHA256.HashData(packed))}.";

    private static string Size(long bytes) => bytes < 1_000_000 ? Invariant($"{bytes / 1e3:f0} kB") : Invariant($"{bytes / 1e6:f1} MB");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private static string Text(string name)
    {
        using var reader = new StreamReader(new MemoryStream(Resource(name)));
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(HtmlPage).Assembly.GetManifestResourceStream("page/" + name)
            ?? throw new InvalidOperationException($"there is no resource page/{name}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Part();
}
