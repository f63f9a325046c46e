using System.Text.Json;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>`bench kernels` on the emulator, where its figures mean nothing, and on the CPU.</summary>
[Collection(EmulatedGpu.Collection)]
public sealed class BenchKernelsTests : IDisposable
{
    private static readonly string[] s_small = ["bench", "kernels", "--model", "resnet20_1w1a", "--batch", "2", "--repetitions", "1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_listing_has_every_launch_of_a_step_of_256_images()
    {
        string[] list = ["bench", "kernels", "--list", "--device", "cuda", "--model", "resnet20_1w1a", "-b", "256"];
        var shown = JsonDocument.Parse(EmulatedGpu.Run([], list).AssertDone().Output).RootElement;
        var run = EmulatedGpu.Run([], [.. list, "--json", _folder["launches.json"]]).AssertDone();
        Assert.Matches(@"^resnet20_1w1a, batch 256, cuda:0: .* launches a step, [\d.]+ MB, multiply-adds of bits 10.27 G, ", run.Output);
        var json = JsonDocument.Parse(_folder.Text("launches.json")).RootElement;
        Assert.Equal(json.ToString(), shown.ToString());
        Assert.Equal(("resnet20_1w1a", "cifar10"), (Text(json, "model"), Text(json, "dataset")));
        Assert.Equal(256, json.GetProperty("batch").GetInt32());
        Assert.StartsWith("cuda:0: CUDA emulator", Text(json, "device"));
        JsonElement[] launches = [.. json.GetProperty("launches").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, launches.Length), launches.Select(l => l.GetProperty("index").GetInt32()));
        var sgd = Assert.Single(launches, l => Text(l, "kernel") == "sign_layers_sgd_step");
        // 269,850 parameters, with what alignment adds: gradients read, values and momentum read and written, three numbers; of binary
        // weights the gradients are written, and read are those of their signs.
        Assert.InRange(sgd.GetProperty("bytes").GetInt64(), 269_850 * 5 * 4 + 267_264 * 4, 269_850 * 5 * 4 + 267_264 * 4 + 10_000);
        Assert.Equal(3, sgd.GetProperty("grid").GetArrayLength());
        Assert.Equal(10_267_656_192, launches.Sum(l => l.GetProperty("bits").GetInt64()));
    }

    [Theory]
    [InlineData("", "conv_mma32", "kernels ")]
    [InlineData("RESTE_TF32=1", "conv_tf32_narrow", ", real layers in tf32")]
    [InlineData("RESTE_PLAIN_KERNELS=1", "conv", ", plain ones")]
    public void A_variable_chooses_how_real_layers_are_multiplied(string variable, string kernel, string said)
    {
        string[] variables = variable.Length > 0 ? [variable] : [];
        var shown = JsonDocument.Parse(EmulatedGpu.Run(variables,
            "bench", "kernels", "--list", "--device", "cuda", "--model", "resnet20", "-b", "2").AssertDone().Output).RootElement;
        Assert.Contains(said, Text(shown, "device"));
        JsonElement first = shown.GetProperty("launches").EnumerateArray().First(l => Text(l, "layer") == "layer1.0.conv1");
        Assert.Equal(kernel, Text(first, "kernel"));
    }

    [Theory]
    [InlineData("9.0", ", dependent launches")]
    [InlineData("8.6", ", no dependent launches: they need compute capability 9.0")]
    public void A_variable_asks_for_dependent_launches_and_the_device_says_what_came_of_it(string capability, string said)
    {
        string[] variables = ["RESTE_DEPENDENT_LAUNCHES=1", $"RESTE_EMULATOR_CAPABILITY={capability}"];
        var shown = JsonDocument.Parse(EmulatedGpu.Run(variables,
            "bench", "kernels", "--list", "--device", "cuda", "--model", "resnet20", "-b", "2").AssertDone().Output).RootElement;
        Assert.EndsWith(said, Text(shown, "device"));
    }

    [Fact]
    public void A_listing_can_be_cut_to_what_a_filter_fits()
    {
        var run = Reste.Run([.. s_small, "--device", "cpu", "--list", "--filter", "*_step"]);
        Assert.Equal((ExitCode.Done, "--repetitions is not used: --list times nothing\n"), (run.ExitCode, run.Error));
        var only = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("launches").EnumerateArray());
        Assert.Equal("sgd_step", Text(only, "kernel"));
        Assert.True(only.GetProperty("index").GetInt32() > 50);
        Reste.Run("bench", "kernels", "--device", "cpu", "--list", "--filter", "none")
            .AssertRefused(ExitCode.Misuse, "--filter: no kernel");
    }

    [Fact]
    public void Kernels_of_a_filter_are_timed_on_the_emulator_and_compared_with_a_baseline()
    {
        string[] unit = [.. s_small, "--device", "cuda", "--filter", "layer1.0.conv?"];
        var run = EmulatedGpu.Run([], [.. unit, "--json", _folder["times.json"]]).AssertDone();
        Assert.Contains("batch 2, cuda:0: CUDA emulator", run.Output);
        Assert.Contains("cuBLAS not found (tried libcublas.so.13, libcublas.so.12; RESTE_LIBCUBLAS names another file)", run.Output);
        Assert.Contains("cuDNN not found (tried libcudnn.so.9; RESTE_LIBCUDNN names another file)", run.Output);
        Assert.Matches(@"unit_conv_mma +│ layer1.0.conv1 +│ 6 +│", run.Output);
        Assert.Contains("measured limits: copy ", run.Output);
        Assert.DoesNotContain("of baseline", run.Output);
        Assert.DoesNotContain("layer2", run.Output);

        var json = JsonDocument.Parse(_folder.Text("times.json")).RootElement;
        Assert.Equal(1, json.GetProperty("form").GetInt32());
        Assert.True(json.GetProperty("rates").GetProperty("copy_gb_s").GetDouble() > 0);
        var conv = Assert.Single(json.GetProperty("rows").EnumerateArray(), row => Text(row, "kernel") == "unit_conv_mma");
        Assert.Equal(2 * 32 * 32 * 16 * 9 * 16, conv.GetProperty("bits").GetInt64());
        Assert.True(conv.GetProperty("warm").GetProperty("median_us").GetDouble() > 0);
        Assert.Equal(JsonValueKind.Null, conv.GetProperty("cudnn_us").ValueKind);

        var again = EmulatedGpu.Run([], [.. unit, "--baseline", _folder["times.json"]]).AssertDone();
        Assert.Equal("", again.Error);
        Assert.Matches(@"unit_conv_mma +│.*│ [\d.]+ +\n", again.Output);
        Assert.Contains("of baseline", again.Output);
        File.WriteAllText(_folder["other.json"], _folder.Text("times.json").Replace("CUDA emulator", "NVIDIA H200"));
        var other = EmulatedGpu.Run([], [.. unit, "--baseline", _folder["other.json"]]);
        Assert.Equal(ExitCode.Done, other.ExitCode);
        Assert.StartsWith("the baseline is of another device or other kernels: cuda:0: NVIDIA H200", other.Error);
    }

    [Fact]
    public void The_cpu_has_operations_in_thread_time()
    {
        string[] some = [.. s_small, "--device", "cpu", "--threads", "1", "--json", _folder["times.json"]];
        var run = Reste.Run(some).AssertDone();
        Assert.Matches(@"binary_unit_backward +│ layer3.0.conv1 +│ 1 +│", run.Output);
        Assert.Contains("measured limits of a thread: copy ", run.Output);
        Assert.Matches(@"together, each as often as in a step: warm [\d.]+ ms, cold [\d.]+ ms\n$", run.Output);
        Assert.DoesNotContain("cuBLAS", run.Output);
        var rows = JsonDocument.Parse(_folder.Text("times.json")).RootElement.GetProperty("rows");
        Assert.All(rows.EnumerateArray(), row => Assert.Equal(1, row.GetProperty("warm").GetProperty("repetitions").GetInt32()));
    }

    [Fact]
    public void Without_a_model_each_kernel_and_shape_is_timed_once_over_all_binary_networks()
    {
        string[] all = ["bench", "kernels", "--device", "cpu", "--threads", "1", "--batch", "2", "--repetitions", "1", "--dataset",
            "cifar10", "--filter", "linear"];
        var output = Reste.Run(all).AssertDone().Output;
        // The two networks of 20 layers share it.
        Assert.Single(output.Split('\n'), line => Regex.IsMatch(line, "cifar10/resnet20_1w1a +│ linear +│"));
        Assert.DoesNotContain("cifar10/resnet20_bireal_1w1a", output);
        Assert.Contains("cifar10/resnet18_1w1a", output);
    }

    [Theory]
    [InlineData("--filter nothing", "--filter: no kernel and no layer fits 'nothing' (known: ")]
    [InlineData("--filter binary_unti", "--filter: no kernel and no layer fits 'binary_unti' (did you mean 'binary_unit'?)")]
    [InlineData("--filter layer9*", "--filter: no kernel and no layer fits 'layer9*'")]
    [InlineData("--model resnet21", "unknown model 'resnet21' (did you mean ")]
    [InlineData("--dataset tinyimagenet", "--dataset tinyimagenet: none of its networks ends in _1w1a (name one with --model)")]
    [InlineData("--baseline /nonexistent/times.json", "--baseline: cannot read '/nonexistent/times.json' (there is no such file)")]
    [InlineData("--repetitions 0", "--repetitions: 0 is too small, it must be at least 1")]
    public void What_cannot_be_is_refused_before_anything_is_timed(string arguments, string words) =>
        Reste.Run(["bench", "kernels", "--device", "cpu", "--threads", "1", "--batch", "2", .. arguments.Split(' ')])
            .AssertRefused(ExitCode.Misuse, words);

    [Theory]
    [InlineData("{\"form\": 2, \"rows\": []}", "has form 2, this program reads form 1 (measure the baseline again)")]
    [InlineData("{\"form\": 1}", "holds no results of bench kernels (give a file that --json wrote)")]
    [InlineData("{\"rows\": []}", "holds no results of bench kernels")]
    [InlineData("[1, 2]", "holds no results of bench kernels")]
    [InlineData("{\"form\": \"new\"}", "holds no results of bench kernels")]
    [InlineData("", "holds no results of bench kernels")]
    public void A_baseline_that_is_none_is_refused(string text, string words)
    {
        File.WriteAllText(_folder["base.json"], text);
        Reste.Run([.. s_small, "--device", "cpu", "--baseline", _folder["base.json"]])
            .AssertRefused(ExitCode.Misuse, $"--baseline: '{_folder["base.json"]}' {words}");
    }

    [Theory]
    [InlineData("--model resnet20_1w1a --batch 1000000000", "--batch 1000000000: its images alone need ", "(give a smaller one)")]
    [InlineData("--model resnet18_1w1a --dataset imagenet --batch 4096", "cpu has too little memory: --batch_size 4096 needs ", " fits")]
    [InlineData("--batch 1000000000", "--batch 1000000000: its images alone need ", "(give a smaller one)")]
    public void A_batch_that_is_too_large_is_refused(string arguments, params string[] words) =>
        Reste.Run(["bench", "kernels", "--device", "cpu", .. arguments.Split(' ')]).AssertRefused(ExitCode.Failure, words);

    [Fact]
    public void A_file_that_cannot_be_written_is_refused_before_anything_is_timed() =>
        Reste.Run([.. s_small, "--device", "cpu", "--json", _folder["no/times.json"]]).AssertRefused(ExitCode.Failure,
            $"--json: cannot write '{_folder["no/times.json"]}' (there is no folder '{_folder["no"]}')");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
