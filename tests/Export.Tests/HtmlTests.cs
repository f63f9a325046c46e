using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ReSTE.Native.Datasets;
using ReSTE.Native.Export.C;
using ReSTE.Native.Export.Page;
using ReSTE.Native.Inference;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>Pages load nothing, take names as text, and have in a browser the scores of the inference package bit for bit.</summary>
public class HtmlTests
{
    private const int KernelCount = 12;

    private static readonly string[] s_classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    private static readonly ImageShape s_image = new(32, 32, 3);

    // A browser starts for each.
    public static TheoryData<int> Networks()
    {
        var networks = new TheoryData<int>();
        var called = new HashSet<string>();
        for (int seed = 0; called.Count < KernelCount; seed++)
        {
            int before = called.Count;
            called.UnionWith(new KernelCalls(RandomNetworks.Of(seed)).All.Select(call => call.Kernel));
            if (called.Count > before)
                networks.Add(seed);
        }

        return networks;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Drawn_networks_that_call_every_kernel_have_the_scores_of_the_inference_package(int seed)
    {
        PackedNetwork network = RandomNetworks.Of(seed);
        Compare(HtmlPage.Of(network, Facts()), network, RandomNetworks.Images(network, 40));
    }

    [Fact]
    public void A_catalogued_network_has_them_on_a_hundred_images()
    {
        Browser();
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        byte[] images = Checkpoints.Pixels(100, s_image, seed: 5);
        Compare(Page(source), Folding.Of(source, s_classes), images);
    }

    [Fact]
    public void A_page_is_well_formed_and_loads_nothing()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        string page = Page(source);
        Document(page);
        Assert.DoesNotMatch("https?://|(src|href|action)=|@import|url\\(", page);
        Assert.DoesNotMatch(@"\b(fetch|XMLHttpRequest|WebSocket|EventSource|importScripts|sendBeacon)\b", page);
        Assert.Contains("default-src 'none'", page);
        Assert.DoesNotContain("{{", page);
    }

    [Fact]
    public void Names_are_text_whatever_is_in_them()
    {
        const string Hostile = "</script><script>alert('\"1&2')</script><!--";
        PackedNetwork drawn = RandomNetworks.Of(2);
        PackedNetwork network = drawn with
        {
            Name = Hostile,
            Dataset = Hostile,
            Classes = [.. drawn.Classes.Select(_ => Hostile)],
            Layers = [.. drawn.Layers.Select(layer => layer with { Name = Hostile })],
        };
        string page = HtmlPage.Of(network, Facts(new SampleImage(new byte[network.Input.Bytes], 0)));
        Document(page);
        Assert.DoesNotContain("<script>alert", page);
        Assert.DoesNotContain("<!--", page);
        Assert.Contains("&lt;/script&gt;&lt;script&gt;alert", page);
    }

    [Fact]
    public void A_page_that_was_written_is_shown_without_trouble()
    {
        Browser browser = Browser();
        PackedNetwork network = RandomNetworks.Of(3);
        byte[] images = RandomNetworks.Images(network, 2);
        SampleImage[] samples = [.. images.Chunk(network.Input.Bytes).Select(image => new SampleImage(image, 0))];
        using var folder = new Folder();
        File.WriteAllText(folder.Page, HtmlPage.Of(network, Facts(samples)));
        string shown = browser.Document(folder.Page, TimeSpan.FromMinutes(1), "--virtual-time-budget=5000");
        Assert.Matches("id=\"trouble\" role=\"alert\" hidden", shown);
        Assert.Matches("id=\"name\">Test image 1<", shown);
        int layers = new KernelCalls(network).All.Count(call => call.Kernel == "sign_conv");
        Assert.Equal(layers, Regex.Count(shown, "<section class=\"layer\">"));
        Assert.Matches(@"\d % are −1", shown);
    }

    [Fact]
    public void A_browser_that_does_not_end_is_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the browser that stands in is a shell script");
        using var folder = new Folder();
        string browser = folder.Page + ".sh";
        File.WriteAllText(browser, "#!/bin/sh\nsleep 60\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var ended = Assert.Throws<ExportException>(() => new Browser(browser, "A script").Document(folder.Page, TimeSpan.FromSeconds(0.5)));
        Assert.StartsWith("A script took more than", ended.Message);
    }

    [Fact]
    public void A_file_that_is_no_page_of_a_network_is_refused()
    {
        using var folder = new Folder();
        File.WriteAllText(folder.Page, "<!DOCTYPE html>");
        var refused = Assert.Throws<ExportException>(() => BrowsedPage.Open(folder.Page, new Browser("none", "none")));
        Assert.StartsWith(folder.Page + ": is no page of a network", refused.Message);
    }

    [Fact]
    public void The_module_was_made_of_the_C_code_that_is_there()
    {
        string sources = Path.Combine(Repository(), "src", "Export");
        foreach (string line in File.ReadLines(Path.Combine(sources, "Page", "kernels.sha256")))
        {
            string[] words = line.Split("  ");
            string found = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(sources, words[1]))));
            Assert.True(words[0] == found, $"{words[1]} has changed: build/wasm.sh makes the module again");
        }
    }

    private static void Compare(string page, PackedNetwork network, byte[] images)
    {
        Browser browser = Browser();
        using BinaryModel model = BinaryModel.Read(PackedFile.Write(network), threads: 1);
        var expected = new float[images.Length / network.Input.Bytes * network.Classes.Count];
        model.Scores(images, expected);
        using var folder = new Folder();
        File.WriteAllText(folder.Page, page);
        using BrowsedPage form = BrowsedPage.Open(folder.Page, browser);
        float[] found = [.. form.Logits(images).SelectMany(scores => scores)];
        Assert.Equal(Array.ConvertAll(expected, BitConverter.SingleToUInt32Bits), Array.ConvertAll(found, BitConverter.SingleToUInt32Bits));
        Assert.NotEqual(TimeSpan.Zero, form.OwnTime);
    }

    private static string Page(ExportSource source)
    {
        using var page = new MemoryStream();
        var samples = Checkpoints.Pixels(2, s_image, seed: 7).Chunk(s_image.Bytes).Select((pixels, i) => new SampleImage(pixels, i));
        new HtmlFormat().Write(source, new ExportOptions(s_classes) { Samples = [.. samples] }, page);
        return System.Text.Encoding.UTF8.GetString(page.ToArray());
    }

    private static PageFacts Facts(params SampleImage[] samples) => new(1000, 73.64, samples);

    // As XML, once elements without an end have one and scripts, which are no XML, are gone.
    private static void Document(string page)
    {
        string text = Regex.Replace(page, "(<script[^>]*>).*?</script>|(<style>).*?</style>", "", RegexOptions.Singleline);
        text = Regex.Replace(text, @"<((?:meta|input)\b[^>]*)>", "<$1/>").Replace("<!DOCTYPE html>", "").Replace(" hidden>", ">");
        XDocument.Parse(text.Replace("&ndash;", "-").Replace("&minus;", "-"));
    }

    private static Browser Browser()
    {
        try
        {
            return Export.Page.Browser.Find();
        }
        catch (ExportException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder != null && !File.Exists(Path.Combine(folder, "ReSTE.Native.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run outside their repository");
    }

    private sealed class Folder : IDisposable
    {
        private readonly string _path = Directory.CreateTempSubdirectory("reste-html-").FullName;

        public string Page => Path.Combine(_path, "page.html");

        public void Dispose()
        {
            try
            {
                Directory.Delete(_path, recursive: true);
            }
            catch (IOException)
            {
                // The browser's children may still write there.
            }
        }
    }
}
