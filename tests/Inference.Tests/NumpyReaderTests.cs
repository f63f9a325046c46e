using System.Diagnostics;
using System.Runtime.InteropServices;
using ReSTE.Native.Packed;
using ReSTE.Native.Simd;

namespace ReSTE.Native.Inference.Tests;

/// <summary>The reader in docs/packed-format.md, as it stands there.</summary>
public sealed class NumpyReaderTests
{
    private const int MostLines = 80, Images = 100;

    private static readonly string[] s_pythons = ["python3", "/usr/bin/python3"];

    // The same program as a module, for what it does not print.
    private const string Scores = """
        import os, sys
        import numpy as np
        os.chdir(sys.argv[1])
        sys.path.insert(0, ".")
        import packed
        net = packed.read("net.bnn")
        packed.run(net, np.fromfile("images", np.uint8).reshape([-1] + net["image"])).astype("<f4").tofile("scores")
        """;

    [Fact]
    public void It_is_short() => Assert.InRange(Program().Count(c => c == '\n'), 40, MostLines);

    [Theory]
    [InlineData(16, false)]
    [InlineData(21, true)]
    public void It_gives_the_labels_and_scores_of_the_model(int channels, bool wholeReals)
    {
        string python = s_pythons.FirstOrDefault(name => Try(name, "-c", "import numpy").Code == 0) ?? "";
        Assert.SkipWhen(python.Length == 0, $"none of {string.Join(", ", s_pythons)} has numpy");
        var random = new EveryLayer(channels);
        PackedNetwork network = random.Residual(8, channels, 3, wholeReals);
        byte[] images = random.Images(network, Images);
        string folder = Directory.CreateTempSubdirectory("reste-numpy-").FullName;
        try
        {
            string At(string name) => Path.Combine(folder, name);
            File.WriteAllText(At("packed.py"), Program());
            File.WriteAllBytes(At("net.bnn"), PackedFile.Write(network));
            File.WriteAllBytes(At("images"), images);
            var (code, output, error) = Try(python, At("packed.py"), At("net.bnn"), At("images"));
            Assert.True(code == 0, error);
            using var model = BinaryModel.Of(network, threads: 1, VectorWidth.Widest);
            Assert.Equal(model.Predict(images), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse));

            (code, _, error) = Try(python, "-c", Scores, folder);
            Assert.True(code == 0, error);
            var scores = new float[Images * model.Classes.Count];
            model.Scores(images, scores);
            Assert.Equal(scores, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(At("scores"))).ToArray());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Program()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "packed-format.md"));
        return page.Split("```python\n")[1].Split("```")[0];
    }

    private static (int Code, string Output, string Error) Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return (-1, "", missing.Message);
        }
    }
}
