using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Export.Safetensors;

namespace ReSTE.Native.Export.Tests;

public partial class SafetensorsTests
{
    [Fact]
    public void Weights_are_signs_by_published_names()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        SafetensorsFile file = SafetensorsFile.Read(Written(source), "exported");
        SafetensorsEntry weight = file["layer2.0.conv1.weight"];
        Assert.Equal([32, 16, 3, 3], weight.Shape);
        Assert.All(file.ReadFloat32(weight.Name), value => Assert.Equal(1, Math.Abs(value)));
        Assert.Equal(file.ReadFloat32(weight.Name), source.Tensor(weight.Name)!.Read().Select(latent => latent < 0 ? -1f : 1f));
        Assert.Equal([1], file["layer2.0.conv1.scale"].Shape);
        Assert.Equal(source["bn1.running_var"], file.ReadFloat32("bn1.running_var"));
        Assert.Equal([10, 64], file["linear.weight"].Shape);
        Assert.Equal("resnet20_1w1a", file.Metadata["network"]);
    }

    [Fact]
    public void It_is_no_checkpoint()
    {
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, Written(source));
            // Its weights would have another scale.
            var refused = Assert.Throws<CheckpointException>(
                () => ExportSource.Open(path, threads: 1, () => new(source.Recipe, source.Preprocessing, source.Image, source.Classes)));
            Assert.Contains("layer1.0.conv1.scale", refused.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_file_of_another_kind_is_refused()
    {
        var refused = Assert.Throws<ExportException>(() => Exported.Open(new SafetensorsFormat(), stream =>
        {
            var writer = new MemoryStream([2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}']);
            writer.CopyTo(stream);
        }));
        Assert.Contains("is not a network that was exported as safetensors", refused.Message);
    }

    [Fact]
    public void The_script_of_the_documents_gives_the_engines_scores()
    {
        string? python = Python();
        Assert.SkipWhen(python == null, "there is no python3 with torch");
        using ExportSource source = Checkpoints.Source("resnet20_1w1a");
        byte[] images = Checkpoints.Pixels(24, source.Image, seed: 6);
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string At(string name) => Path.Combine(folder.FullName, name);
            File.WriteAllText(At("script.py"), Script().Match(File.ReadAllText(Documents("exports.md"))).Groups[1].Value);
            File.WriteAllBytes(At("model"), Written(source));
            File.WriteAllBytes(At("images"), images);
            Assert.Equal("", Run(python!, At("script.py"), At("model"), At("images"), At("scores")));
            float[] scores = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(At("scores"))).ToArray();
            var margins = new Margins(Folding.Of(source, Exported.Classes, thresholds: false));
            Exported.Agree(source.Logits(images), [.. scores.Chunk(source.Classes)], margins.Of(images));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Written(ExportSource source)
    {
        using var stream = new MemoryStream();
        new SafetensorsFormat().Write(source, new ExportOptions(Exported.Classes), stream);
        return stream.ToArray();
    }

    // The tests run beneath the repository.
    private static string Documents(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
        {
            string path = Path.Combine(folder.FullName, "docs", name);
            if (File.Exists(path))
                return path;
        }

        throw new FileNotFoundException("the tests do not run beneath the repository", name);
    }

    private static string? Python() =>
        ((string[])["python3", "/usr/bin/python3"]).FirstOrDefault(python => Run(python, "-c", "import numpy, torch") == "");

    /// <summary>What went wrong; the empty string for nothing.</summary>
    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"exit code {process.ExitCode}: {errors}";
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
