using System.Text.RegularExpressions;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>What goes wrong on a GPU in the middle of things: one line, exit code 1, and what was saved before is as it was.</summary>
[Collection(EmulatedGpu.Collection)]
public sealed partial class CudaFailureTests : IDisposable
{
    private const string Advice = "run again with RESTE_CUDA_SYNC=1 to see which kernel";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_faulty_sgd_step_ends_the_run_before_anything_is_saved()
    {
        var run = EmulatedGpu.Run(["RESTE_EMULATOR_FAULT=sign_layers_sgd_step"], [.. EmulatedGpu.Tiny, "--results_dir", _folder.Path]);
        run.AssertRefused(
            ExitCode.Failure, "after graph training step", "CUDA_ERROR_ILLEGAL_ADDRESS (700)", Advice, "nothing had been saved yet");
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.safetensors*"));
    }

    [Fact]
    public void A_synchronous_run_names_the_faulty_kernel()
    {
        string[] variables = ["RESTE_EMULATOR_FAULT=sign_layers_sgd_step", "RESTE_CUDA_SYNC=1"];
        var run = EmulatedGpu.Run(variables, [.. EmulatedGpu.Tiny, "--results_dir", _folder.Path]);
        run.AssertRefused(ExitCode.Failure, "sign_layers_sgd_step, grid ", "SignLayersSgdStep { Layers = ",
            "CUDA_ERROR_ILLEGAL_ADDRESS (700)", "nothing had been saved yet");
        Assert.DoesNotContain(Advice, run.Error);
    }

    [Fact]
    public void A_synchronous_run_names_a_faulty_fused_kernel_and_its_layer() =>
        EmulatedGpu.Run(["RESTE_EMULATOR_FAULT=unit_conv_mma", "RESTE_CUDA_SYNC=1"], [.. EmulatedGpu.Tiny, "--results_dir", _folder.Path])
            .AssertRefused(ExitCode.Failure, "unit_conv_mma, grid ", "CUDA_ERROR_ILLEGAL_ADDRESS (700)", "; in layer1.0.conv1",
                "nothing had been saved yet");

    // In training, and in evaluation, which among the plain kernels has one of its own.
    [Theory]
    [InlineData("sign_layers_sgd_step", "0")]
    [InlineData("batch_norm_evaluate", "1")]
    public void A_late_fault_leaves_the_checkpoint_and_says_how_to_resume(string kernel, string plain)
    {
        var (recipe, path) = (EmulatedGpu.TinyRecipe with { LimitTrain = 8, Epochs = 2 }, _folder["checkpoint.safetensors"]);
        using (var first = EmulatedGpu.Begin(recipe, DeviceKind.Cpu))
        {
            first.RunEpoch(null, TestContext.Current.CancellationToken);
            first.Save(path);
        }
        var saved = File.ReadAllBytes(path);
        string[] arguments = [.. EmulatedGpu.Tiny, "--limit_train", "8", "--epochs", "2", "--resume", "--results_dir", _folder.Path];
        var run = EmulatedGpu.Run([$"RESTE_EMULATOR_FAULT={kernel}", $"RESTE_PLAIN_KERNELS={plain}"], arguments);
        Assert.Equal(ExitCode.Failure, run.ExitCode);
        const string State = "checkpoint.safetensors is as it was, resume with the same command";
        Assert.Matches($@"(?m)^reste: error: cu.*\(700\).*\({Advice}; .*{State}\)$", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Equal(saved, File.ReadAllBytes(path));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }

    [Fact]
    public void A_fault_while_evaluating_is_one_line()
    {
        using (var run = EmulatedGpu.Begin(EmulatedGpu.TinyRecipe, DeviceKind.Cpu))
            run.Save(_folder["weights"]);
        string[] evaluate = ["evaluate", _folder["weights"], "--dataset", "shapes", "--limit_train", "2", "--limit_test", "16", "-b", "2"];
        EmulatedGpu.Run(["RESTE_EMULATOR_FAULT=batch_norm_apply"], evaluate)
            .AssertRefused(ExitCode.Failure, "CUDA_ERROR_ILLEGAL_ADDRESS", Advice);
    }

    [Fact]
    public void A_batch_that_does_not_fit_names_one_that_does()
    {
        string[] arguments =
            [.. EmulatedGpu.Tiny, "--limit_train", "32", "--limit_test", "8", "-bt", "8", "--results_dir", _folder["results"]];
        string[] memory = ["RESTE_EMULATOR_MEMORY=20000000"];
        var run = EmulatedGpu.Run(memory, [.. arguments, "-b", "32"]);
        run.AssertRefused(ExitCode.Failure, "cuda:0 has too little memory: --batch_size 32 needs ", " MB of 20.0 MB are free",
            "data sets ", "parameters and statistics ", "activations and gradients of a step ");
        Assert.False(Directory.Exists(_folder["results"]));

        var fitting = int.Parse(Fitting().Match(run.Error).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(fitting, 2, 16);
        EmulatedGpu.Run(memory, [.. arguments, "-b", Numbers.Text(2 * fitting)])
            .AssertRefused(ExitCode.Failure, $"--batch_size {fitting} fits");
        EmulatedGpu.Run(memory, [.. arguments, "-b", Numbers.Text(fitting)]).AssertDone();
    }

    [Fact]
    public void A_test_batch_that_does_not_fit_names_one_that_does()
    {
        string[] arguments =
        [
            .. EmulatedGpu.Tiny, "--limit_train", "4", "-b", "4", "--limit_test", "200", "-bt", "200",
            "--results_dir", _folder["results"],
        ];
        EmulatedGpu.Run(["RESTE_EMULATOR_MEMORY=20000000"], arguments)
            .AssertRefused(ExitCode.Failure, "--batch_size 4 with --batch_size_test 200 needs ",
                "are free; --batch_size_test 50 fits");
    }

    [Fact]
    public void A_gpu_too_small_for_any_batch_says_so() =>
        EmulatedGpu.Run(["RESTE_EMULATOR_MEMORY=4000000"], [.. EmulatedGpu.Tiny, "--results_dir", _folder["results"]])
            .AssertRefused(ExitCode.Failure, "cuda:0 has too little memory", "not even batches of 2 images fit");

    [Fact]
    public void Images_of_a_folder_that_do_not_fit_name_a_batch_that_does()
    {
        BitmapFolder.Write(_folder["data"], classes: 2, train: 32, test: 1);
        EmulatedGpu.Run(["RESTE_EMULATOR_MEMORY=500000000"], "--dataset", "imagenet", "--model", "resnet18_1w1a", "--data_path",
                _folder["data"], "--device", "cuda", "-b", "64", "-bt", "2", "--epochs", "1", "--results_dir", _folder["results"])
            .AssertRefused(ExitCode.Failure, "cuda:0 has too little memory: --batch_size 64 needs ", "data sets 19.9 MB, ",
                " of 500.0 MB are free; --batch_size 16 fits");
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [Fact]
    public void Kernels_of_another_version_are_named_with_their_folder()
    {
        EmulatedGpu.Require();
        Directory.CreateDirectory(_folder["kernels"]);
        foreach (var file in Directory.GetFiles(EmulatedGpu.Kernels, "*.ptx"))
            File.Copy(file, _folder[Path.Combine("kernels", Path.GetFileName(file))]);
        File.Delete(_folder["kernels/image_batch.ptx"]);
        EmulatedGpu.Run([$"RESTE_KERNELS={_folder["kernels"]}"], [.. EmulatedGpu.Tiny, "--results_dir", _folder["results"]])
            .AssertRefused(ExitCode.NoGpu, "there is no kernel image_batch: ", $" images from {_folder["kernels"]} ",
                "without RESTE_KERNELS the kernels inside the program serve");
        Assert.False(Directory.Exists(_folder["results"]));
    }

    [GeneratedRegex("--batch_size ([0-9]+) fits\n$")]
    private static partial Regex Fitting();
}
