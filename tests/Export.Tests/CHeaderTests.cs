using System.Runtime.InteropServices;
using ReSTE.Native.Datasets;
using ReSTE.Native.Export.C;
using ReSTE.Native.Packed;

namespace ReSTE.Native.Export.Tests;

/// <summary>Headers of C compile without a warning, for any processor, and their scores are those of the definition bit for bit.</summary>
public class CHeaderTests
{
    private const int Drawn = 12;

    private const string Fused = "-ffp-contract=fast";

    private static readonly string[] s_classes = [.. Enumerable.Range(0, 10).Select(i => $"class {i}")];

    private static readonly string[] s_strict = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-std=c99"];

    private static readonly ImageShape s_image = new(32, 32, 3);

    private static readonly Lazy<(PackedNetwork Network, byte[] Images, float[][] Scores)> s_resnet20 = new(() =>
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        PackedNetwork network = Folding.Of(source, s_classes);
        byte[] images = Checkpoints.Pixels(2, s_image, seed: 5);
        return (network, images, PackedReference.Logits(network, images));
    });

    // The portable code, without and with the compiler's vectors, AVX2, AVX-512 with and without counts of its own; with products and sums
    // that may be fused wherever a processor can.
    private static readonly string[][] s_targets = RuntimeInformation.ProcessArchitecture == Architecture.X64
        ?
        [
            ["-O1"], ["-O2", "-mfma", "-mno-avx2", Fused], ["-O2", "-march=native", Fused, "-DSCALAR"], ["-O1", "-mavx2"],
            ["-O1", "-mavx2", "-mfma", Fused], ["-O2", "-march=native", Fused],
        ]
        : [["-O1"], ["-O2", Fused], ["-O2", Fused, "-DSCALAR"]];

    public static TheoryData<string, int> Networks()
    {
        var networks = new TheoryData<string, int>();
        foreach (string compiler in (string[])["gcc", "clang"])
            for (int seed = 0; seed < Drawn; seed++)
                networks.Add(compiler, seed);
        return networks;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Drawn_networks_have_the_scores_of_the_definition(string compiler, int seed)
    {
        PackedNetwork network = RandomNetworks.Of(seed);
        byte[] images = RandomNetworks.Images(network, 5);
        Compare(network, images, PackedReference.Logits(network, images), Compiler(compiler), [.. s_strict, .. Target(seed)]);
    }

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("gcc")]
    [InlineData("clang")]
    public void A_product_is_rounded_before_a_sum_whatever_a_compiler_may_fuse(string compiler)
    {
        CCompiler found = Compiler(compiler);
        PackedNetwork network = RandomNetworks.OfResiduals(1);
        byte[] images = RandomNetworks.Images(network, 5);
        float[][] scores = PackedReference.Logits(network, images);
        for (int target = 0; target < s_targets.Length; target++)
            Compare(network, images, scores, found, [.. s_strict, .. Target(target)]);
    }

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("gcc")]
    [InlineData("clang")]
    public void A_catalogued_network_has_them_with_every_instruction_set(string compiler)
    {
        CCompiler found = Compiler(compiler);
        var (network, images, scores) = s_resnet20.Value;
        for (int target = 0; target < s_targets.Length; target++)
            Compare(network, images, scores, found, [.. s_strict, .. Target(target)]);
    }

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData("resnet20_bireal_1w1a")]
    [InlineData("resnet18_1w1a")]
    [InlineData("vgg_small_1w1a")]
    public void Larger_ones_have_them(string model)
    {
        CCompiler compiler = AnyCompiler();
        using ExportSource source = Checkpoints.Source(model);
        PackedNetwork network = Folding.Of(source, s_classes);
        byte[] images = Checkpoints.Pixels(1, s_image, seed: 5);
        Compare(network, images, PackedReference.Logits(network, images), compiler);
    }

    [Fact]
    public void A_file_that_was_written_is_opened_and_has_the_engines_labels()
    {
        AnyCompiler();
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        byte[] images = Checkpoints.Pixels(50, s_image, seed: 9);
        var format = new CHeaderFormat();
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".h");
        try
        {
            using (FileStream file = File.Create(path))
                format.Write(source, new ExportOptions(s_classes), file);
            using IExportedForm form = format.Open(path, threads: 2);
            Assert.NotEmpty(form.Reader);
            Assert.Equal(source.Logits(images).Select(Label), form.Logits(images).Select(Label));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void No_line_is_long_and_every_name_has_the_networks_prefix()
    {
        PackedNetwork network = RandomNetworks.Of(4) with { Name = "2 a network of a name that is longer than C likes it" };
        string header = CHeader.Of(network);
        Assert.All(header.Split('\n'), line => Assert.True(line.Length <= 140, line));
        Assert.DoesNotMatch(@"\b(nn|NN)_", header);
        Assert.Contains("int n2_a_network_of_a_name_that_is_longer_tha_predict(", header);
        byte[] images = RandomNetworks.Images(network, 2);
        Compare(network, images, PackedReference.Logits(network, images), AnyCompiler(), s_strict);
    }

    [Fact]
    public void A_file_that_is_no_header_of_a_network_is_refused()
    {
        string path = Path.GetTempFileName();
        var refused = Assert.Throws<ExportException>(() => CompiledHeader.Open(path, 1, AnyCompiler()));
        Assert.StartsWith(path + ": is no header of a network", refused.Message);
        File.Delete(path);
    }

    private static void Compare(PackedNetwork network, byte[] images, float[][] scores, CCompiler compiler, params string[] options)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".h");
        try
        {
            File.WriteAllText(path, CHeader.Of(network));
            string scalar = $"-D{CNames.Prefix(network.Name).ToUpperInvariant()}_SCALAR";
            using CompiledHeader compiled = CompiledHeader.Open(path, threads: 1, compiler,
                Array.ConvertAll(options, option => option == "-DSCALAR" ? scalar : option));
            Assert.Equal(Bits(scores), Bits(compiled.Logits(images)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static uint[][] Bits(float[][] scores) =>
        Array.ConvertAll(scores, row => Array.ConvertAll(row, BitConverter.SingleToUInt32Bits));

    private static int Label(float[] scores) => Array.IndexOf(scores, scores.Max());

    private static string[] Target(int index) => s_targets[index % s_targets.Length];

    private static CCompiler Compiler(string name)
    {
        CCompiler? compiler = CCompiler.Try(name);
        Assert.SkipWhen(compiler == null, $"there is no {name} on this machine");
        return compiler!;
    }

    private static CCompiler AnyCompiler()
    {
        try
        {
            return CCompiler.Find();
        }
        catch (ExportException missing)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
