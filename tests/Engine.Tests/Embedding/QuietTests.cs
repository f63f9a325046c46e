using System.Reflection;
using System.Runtime.CompilerServices;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Cuda;
using ReSTE.Native.Engine.Tests.Cuda.Driver;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Embedding;

/// <summary>A library leaves its host's console and process alone.</summary>
public sealed class QuietTests
{
    // In its own process, because all tests share the console.
    [Fact]
    public void It_prints_nothing() => ChildProcess.Run($"{typeof(QuietTests).FullName}.{nameof(Whole_life)}");

    [Fact(Explicit = true)]
    public void Whole_life()
    {
        var (before, errorsBefore) = (Console.Out, Console.Error);
        using StringWriter output = new(), errors = new();
        Console.SetOut(output);
        Console.SetError(errors);
        try
        {
            foreach (string device in GpuUnderTest.Missing == null ? ["cpu", "cuda"] : new[] { "cpu" })
                Live(device);
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(errorsBefore);
        }

        Assert.Equal(("", ""), (output.ToString(), errors.ToString()));
    }

    [Fact]
    public void It_does_not_even_know_the_console() =>
        Assert.DoesNotContain(typeof(Trainer).Assembly.GetReferencedAssemblies(),
            a => a.Name is "System.Console" or "System.Diagnostics.TraceSource");

    // What is static is written once and never again, so that trainers share nothing that changes; the exception is the driver
    // library, of which a process has one.
    [Fact]
    public void It_keeps_no_process_wide_state()
    {
        string[] known = ["CudaLibrary.s_driver", "CudaLibrary.s_searched"];
        IEnumerable<string> variable = typeof(Trainer).Assembly.GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .SelectMany(type =>
                type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field is { IsLiteral: false, IsInitOnly: false } && !field.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(field => $"{field.DeclaringType!.Name}.{field.Name}");
        Assert.Equal(known, variable.Order(StringComparer.Ordinal));
    }

    private static void Live(string kind)
    {
        using var folder = new TemporaryFolder();
        string checkpoint = folder.File("stripes.safetensors");
        using Device device = Stripes.Open(kind);
        using (var trainer = new Trainer(Stripes.Recipe with { Indicators = true }, device, Stripes.Data, Stripes.Network))
        {
            using var stopped = new CancellationTokenSource(0);
            Assert.Throws<OperationCanceledException>(() => trainer.RunEpoch(null, stopped.Token));
            trainer.Next();
            trainer.Save(checkpoint);
        }

        using Predictor predictor = Predictor.Open(checkpoint, device, Stripes.Network);
        predictor.Labels(Stripes.Test.Pixels);
        Assert.Throws<CheckpointException>(() => Predictor.Open(checkpoint, device));
        Assert.Throws<RecipeException>(() => new Trainer(Stripes.Recipe with { Epochs = 0 }, device, Stripes.Data));
    }
}
