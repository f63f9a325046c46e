using System.Text.RegularExpressions;
using ReSTE.Native.Inference;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>`export` and `predict` with the real engine, on a network trained for a moment.</summary>
public sealed class ExportTests : IDisposable
{
    private static readonly string[] s_small =
    [
        "--device", "cpu", "--threads", "1", "--dataset", "shapes", "--limit_train", "64", "--limit_test", "16", "-b", "16", "-bt", "16",
        "--epochs", "1", "--progress", "none",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Packed => _folder["net.bnn"];

    [Fact]
    public void A_packed_network_gives_the_labels_of_the_engine()
    {
        Train();
        var done = Export("--verify", "200").AssertDone();
        Assert.StartsWith($"wrote {Packed}: ", done.Output);
        Assert.Contains("\n200 of 200 labels equal\nan image takes ", done.Output);
        using var model = BinaryModel.Open(Packed);
        Assert.Equal(("resnet20_1w1a", "shapes", 32, 32, 3),
            (model.Network, model.Dataset, model.Height, model.Width, model.Channels));
        Assert.Equal("circle", model.Classes[0]);
    }

    [Fact]
    public void Weights_of_another_program_are_exported_as_the_flags_say()
    {
        Train();
        Export("--verify", "0").AssertDone();
        var ours = File.ReadAllBytes(Packed);
        var theirs = _folder["net.pth"];
        Reste.Run("convert", _folder["run/checkpoint.safetensors"], theirs).AssertDone();
        Reste.Run("export", theirs, "--output", Packed, "--force", "--dataset", "shapes", "--verify", "64").AssertDone();
        Assert.Equal(ours, File.ReadAllBytes(Packed));
    }

    [Fact]
    public void What_is_there_is_replaced_by_force_alone()
    {
        Train();
        File.WriteAllText(Packed, "mine");
        Export("--verify", "0").AssertRefused(ExitCode.Misuse, $"'{Packed}' is there already", "--force");
        Assert.Equal("mine", File.ReadAllText(Packed));
        Export("--verify", "0", "--force").AssertDone();
        Assert.NotEqual("mine", File.ReadAllText(Packed));
        Assert.Equal(["net.bnn", "run"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_network_without_bits_leaves_the_old_file()
    {
        Train("--a32");
        File.WriteAllText(Packed, "mine");
        Export("--verify", "0", "--force").AssertRefused(ExitCode.Failure, "cannot be written as packed",
            "layer1.0.conv1: it takes real activations");
        Assert.Equal("mine", File.ReadAllText(Packed));
    }

    [Fact]
    public void Real_layers_of_bytes_say_what_they_cost()
    {
        Train();
        Export("--verify", "0").AssertDone();
        var before = new FileInfo(Packed).Length;
        var done = Export("--verify", "100", "--real_layers", "int8", "--force").AssertDone();
        Assert.Matches(@"int8 in the real layers: [0-9.]+ % of the images right, [0-9.]+ % before", done.Output);
        Assert.True(new FileInfo(Packed).Length < before - 3000);
    }

    [Fact]
    public void A_page_has_the_first_test_images_where_some_are_compared()
    {
        Train();
        // Compared where there is a browser.
        var done = Export("--verify", "8", "--format", "html").AssertDone();
        Assert.Matches("\n(8 of 8 labels equal|not compared with the engine: no browser)", done.Output);
        Assert.Equal(20, Regex.Count(File.ReadAllText(Packed), "\"pixels\":"));
        Export("--verify", "0", "--format", "html", "--force").AssertDone();
        Assert.Contains("\"samples\":[]", File.ReadAllText(Packed));
    }

    [Fact]
    public void Misuse_is_told()
    {
        var file = _folder["x.safetensors"];
        File.WriteAllText(file, "no checkpoint");
        Reste.Run("export", file).AssertRefused(ExitCode.Misuse, "export needs --output FILE");
        Reste.Run("export", file, "--output", Packed, "--format", "tar").AssertRefused(ExitCode.Misuse, "--format tar", "known: packed");
        Reste.Run("export", file, "--output", Packed).AssertRefused(ExitCode.Checkpoint, file);
        Reste.Run("export", _folder["none"], "--output", Packed).AssertRefused(ExitCode.Checkpoint, "there is no checkpoint");
        Assert.False(File.Exists(Packed));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told()
    {
        Train();
        Reste.Run("export", _folder["run/checkpoint.safetensors"], "--verify", "0", "--output", _folder["no/net.bnn"])
            .AssertRefused(ExitCode.Failure, $"cannot write '{_folder["no/net.bnn"]}'", "there is no folder");
    }

    [Fact]
    public void Images_are_predicted_and_a_damaged_one_is_passed_over()
    {
        Train();
        Export("--verify", "0").AssertDone();
        BitmapFolder.Write(_folder["images"], classes: 1, train: 2, test: 0);
        var images = _folder["images/train/c0"];
        var good = Reste.Run("predict", Packed, images, "--top", "2").AssertDone();
        Assert.Contains($"{images}/0.bmp is 64x48: of images that are not 32x32 the shorter side is resized to 32 pixels", good.Error);
        var lines = good.Output.TrimEnd().Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Matches($@"^{images}/0\.bmp\t\d\t[a-z]+\t[01]\.\d{{4}}$", lines[0]);

        File.WriteAllText(Path.Combine(images, "0a.bmp"), "no image");
        var mixed = Reste.Run("predict", Packed, images);
        Assert.Equal(ExitCode.Data, mixed.ExitCode);
        Assert.EndsWith("reste: error: 1 image of 3 could not be read\n", mixed.Error);
        Assert.Contains($"{images}/0a.bmp: its content is no known form", mixed.Error);
        Assert.Equal(2, mixed.Output.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public void A_gpu_predicts_the_same_and_one_that_is_not_there_is_told()
    {
        Train();
        Export("--verify", "0").AssertDone();
        BitmapFolder.Write(_folder["images"], classes: 1, train: 3, test: 0);
        string[] predict = ["predict", Packed, _folder["images/train/c0"], "--top", "3"];
        var expected = Reste.Run(predict).AssertDone().Output;
        string[] without = ["RESTE_LIBCUDA=/nonexistent/lib.so"];
        EmulatedGpu.Run(without, [.. predict, "--device", "cuda"]).AssertRefused(ExitCode.NoGpu, "no usable GPU (",
            "without --device the CPU does");
        var auto = EmulatedGpu.Run(without, [.. predict, "--device", "auto"]).AssertDone();
        Assert.Equal(expected, auto.Output);
        Assert.Contains("computing on the CPU: no usable GPU (", auto.Error);
        Assert.Equal(expected, EmulatedGpu.Run([], [.. predict, "--device", "cuda:0"]).AssertDone().Output);
        var broken = EmulatedGpu.Run(["RESTE_EMULATOR_FAULT=packed_finish"], [.. predict, "--device", "cuda"]);
        Assert.Equal(ExitCode.Failure, broken.ExitCode);
        Assert.Contains("after graph a packed network on 4 images): CUDA_ERROR_ILLEGAL_ADDRESS", broken.Error);
    }

    [Fact]
    public void A_packed_network_is_timed()
    {
        Train();
        Export("--verify", "0").AssertDone();
        string[] bench = ["bench", "packed", Packed, "-b", "3", "--steps", "4", "--warmup", "1"];
        Assert.Matches(@"^cpu, 1 thread, .*\nresnet20_1w1a, 3 images a call, 4 calls: \d+ images/s; \d+\.\d{3} ms a call, ",
            Reste.Run([.. bench, "--threads", "1"]).AssertDone().Output);
        Assert.StartsWith("cuda:0: CUDA emulator", EmulatedGpu.Run([], [.. bench, "--device", "cuda"]).AssertDone().Output);
        Reste.Run("bench", "packed", _folder["none"]).AssertRefused(ExitCode.Checkpoint, "there is no packed network");
        Reste.Run([.. bench, "--batch", "0"]).AssertRefused(ExitCode.Misuse, "--batch");
    }

    [Fact]
    public void What_cannot_be_predicted_is_told()
    {
        Train();
        Export("--verify", "0").AssertDone();
        var file = File.ReadAllBytes(Packed);
        Reste.Run("predict", Packed).AssertRefused(ExitCode.Misuse, "predict needs IMAGES");
        Reste.Run("predict", _folder["none"], "x.png").AssertRefused(ExitCode.Checkpoint, "there is no packed network");
        Reste.Run("predict", Packed, _folder["none.png"]).AssertRefused(ExitCode.Data, "none.png: missing");
        Reste.Run("predict", Packed, _folder.Path).AssertRefused(ExitCode.Data, $"the folder '{_folder.Path}' holds no image");
        File.WriteAllBytes(Packed, file[..^100]);
        Reste.Run("predict", Packed, "x.png").AssertRefused(ExitCode.Checkpoint, $"{Packed}: is damaged or cut short");
        Reste.Run("predict", _folder["run/checkpoint.safetensors"], "x.png").AssertRefused(ExitCode.Checkpoint,
            "is not a packed network", "export");
    }

    private void Train(params string[] more) => Reste.Run([.. s_small, .. more, "--results_dir", _folder["run"]]).AssertDone();

    private Reste.Finished Export(params string[] more) =>
        Reste.Run(["export", _folder["run/checkpoint.safetensors"], "--output", Packed, .. more]);
}
