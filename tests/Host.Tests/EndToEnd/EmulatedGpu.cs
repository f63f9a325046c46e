using System.Diagnostics;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>
/// The command on the CUDA emulator that was built beside the tests, whatever GPU the machine has: as a process of its own, whose
/// environment says what the emulated machine is like, or inside this process.
/// </summary>
internal static class EmulatedGpu
{
    /// <summary>The name of the test collection: one emulator at a time keeps every core busy.</summary>
    public const string Collection = "emulator";

    /// <summary>A run of three steps that takes the emulator seconds.</summary>
    public static readonly string[] Tiny =
    [
        "--dataset", "shapes", "--limit_train", "24", "--limit_test", "16", "-b", "8", "-bt", "16", "--epochs", "1", "--lr", "0.001",
        "-p", "1",
    ];

    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "emulator");

    public static string Library { get; } = Path.Combine(s_folder, "libcuda-emulator.so");

    public static string Kernels { get; } = Path.Combine(s_folder, "kernels");

    /// <summary>The recipe that <see cref="Tiny"/> names.</summary>
    public static Recipe TinyRecipe { get; } =
        new() { Dataset = "shapes", LimitTrain = 24, LimitTest = 16, BatchSize = 8, BatchSizeTest = 16, Epochs = 1, LearningRate = 0.001 };

    /// <summary>Skips the test that calls it where there is no emulator.</summary>
    public static void Require() =>
        Assert.SkipUnless(File.Exists(Library), "the CUDA emulator was not built beside the tests: that takes a C++ compiler and cmake");

    /// <summary>Starts the command with variables given as "NAME=VALUE"; one without a value is taken out.</summary>
    public static Process Start(string[] variables, params string[] arguments)
    {
        Require();
        var environment = new Dictionary<string, string?>
        {
            ["RESTE_LIBCUDA"] = Library,
            ["RESTE_KERNELS"] = Kernels,
            ["RESTE_CUDA_SYNC"] = null,
            ["CUDA_VISIBLE_DEVICES"] = null,
        };
        foreach (var words in variables.Select(variable => variable.Split('=', 2)))
            environment[words[0]] = words[1].Length > 0 ? words[1] : null;
        return Reste.Start(environment, arguments);
    }

    /// <summary>Runs it to its end.</summary>
    public static Reste.Finished Run(string[] variables, params string[] arguments)
    {
        using var process = Start(variables, arguments);
        return Reste.Finish(process);
    }

    /// <summary>A run on a device inside this process.</summary>
    public static ITrainingRun Begin(Recipe recipe, DeviceKind kind)
    {
        Require();
        // The library is loaded once in a process, and nothing but this asks for it here.
        Environment.SetEnvironmentVariable("RESTE_LIBCUDA", Library);
        var engine = new EngineAdapter(new CudaSettings(Kernels, Synchronous: false, PlainKernels: false));
        var device = new DeviceChoice(kind, 0, 1);
        return engine.Start(recipe, device, engine.Open(recipe, null, device));
    }
}
