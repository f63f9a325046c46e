using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Export.Page;

/// <summary>
/// A page, run in a browser: of its scripts the last one, which shows things, makes room for one that runs images and leaves their scores
/// in the document.
/// </summary>
internal sealed partial class BrowsedPage : IExportedForm
{
    private const int MostBytes = 1 << 22;

    private const string Last = "<script id=\"page\">";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly Browser _browser;
    private readonly string _folder, _page;
    private readonly int _imageBytes, _classes;

    private BrowsedPage(Browser browser, string page, int imageBytes, int classes)
    {
        (_browser, _page, _imageBytes, _classes) = (browser, page, imageBytes, classes);
        _folder = Directory.CreateTempSubdirectory("reste-page-").FullName;
    }

    /// <inheritdoc/>
    public string Reader => _browser.Version;

    /// <inheritdoc/>
    public TimeSpan? OwnTime { get; private set; }

    /// <summary>Opens a page.</summary>
    /// <exception cref="ExportException">It is none of a network.</exception>
    public static BrowsedPage Open(string path, Browser browser)
    {
        string text = File.ReadAllText(path);
        Match plan = Plan().Match(text);
        int last = text.LastIndexOf(Last, StringComparison.Ordinal);
        if (!plan.Success || last < 0)
            throw new ExportException($"{path}: is no page of a network; `reste export FILE --format html` makes one");
        using var json = JsonDocument.Parse(plan.Groups[1].Value);
        int bytes = json.RootElement.GetProperty("image").EnumerateArray().Aggregate(1, (product, side) => product * side.GetInt32());
        return new BrowsedPage(browser, text[..last], bytes, json.RootElement.GetProperty("classes").GetArrayLength());
    }

    /// <inheritdoc/>
    public float[][] Logits(ReadOnlySpan<byte> images)
    {
        int count = images.Length / _imageBytes, each = Math.Max(1, MostBytes / _imageBytes);
        var scores = new List<float[]>();
        OwnTime = TimeSpan.Zero;
        for (int first = 0; first < count; first += each)
            scores.AddRange(Run(images.Slice(first * _imageBytes, Math.Min(each, count - first) * _imageBytes)));
        return [.. scores];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser's may still be writing its profile; it is a temporary folder.
        }
    }

    private float[][] Run(ReadOnlySpan<byte> images)
    {
        string page = Path.Combine(_folder, "page.html");
        File.WriteAllText(page, _page + Script(images));
        string document = _browser.Document(page, s_limit);
        if (Problem().Match(document) is { Success: true } problem)
            throw new ExportException($"{Reader} cannot run the page: {WebUtility.HtmlDecode(problem.Groups[1].Value)}");
        Match result = Result().Match(document);
        byte[] bytes = result.Success ? Convert.FromHexString(result.Groups[2].Value) : [];
        float[] scores = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        if (scores.Length != images.Length / _imageBytes * _classes)
            throw new ExportException($"{Reader} ran the page to no end");
        OwnTime += TimeSpan.FromMilliseconds(double.Parse(result.Groups[1].Value, CultureInfo.InvariantCulture));
        return [.. scores.Chunk(_classes)];
    }

    // Before the document is loaded, so that the browser waits for it. The first image once more at the beginning: code is compiled then.
    private static string Script(ReadOnlySpan<byte> images) => $$"""
        <script type="text/plain" id="images">{{Convert.ToBase64String(images)}}</script>
        <script>
        function leave(id, text) {
            document.body.replaceChildren(Object.assign(document.createElement("pre"), { id, textContent: text }));
        }
        try {
            const text = id => document.getElementById(id).textContent;
            const plan = JSON.parse(text("plan")), images = bytesOf(text("images")), all = [];
            const network = new Network(new WebAssembly.Module(bytesOf(text("kernels"))), plan, bytesOf(text("data")));
            const size = plan.image.reduce((a, b) => a * b);
            for (let i = 0; i < 20; i++)
                network.run(images.subarray(0, size));
            const start = performance.now();
            for (let at = 0; at < images.length; at += size)
                all.push(...new Uint8Array(network.run(images.subarray(at, at + size)).buffer));
            const time = performance.now() - start;
            leave("scores", `${time} ${all.map(byte => byte.toString(16).padStart(2, "0")).join("")}`);
        } catch (problem) {
            leave("problem", String(problem));
        }
        </script>
        </body>
        </html>

        """;

    [GeneratedRegex("<script type=\"application/json\" id=\"plan\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Plan();

    [GeneratedRegex("<pre id=\"scores\">([0-9.e+-]+) ([0-9a-f]+)</pre>")]
    private static partial Regex Result();

    [GeneratedRegex("<pre id=\"problem\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Problem();
}
