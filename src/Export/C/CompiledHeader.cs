using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace ReSTE.Native.Export.C;

/// <summary>A header of C, compiled with a program that reads images and writes scores, which runs as a process of its own.</summary>
internal sealed partial class CompiledHeader : IExportedForm
{
    private const string Header = "network.h", Program = "predict";

    private readonly string _folder;
    private readonly int _threads, _imageBytes, _classes;

    private CompiledHeader(string folder, string reader, int threads, int imageBytes, int classes)
    {
        (_folder, Reader) = (folder, reader);
        (_threads, _imageBytes, _classes) = (threads > 0 ? threads : Environment.ProcessorCount, imageBytes, classes);
    }

    /// <inheritdoc/>
    public string Reader { get; }

    /// <summary>Compiles a header into a folder of its own, which goes when it is disposed.</summary>
    /// <param name="path">The header.</param>
    /// <param name="threads">Processes at a time; 0 for one a processor.</param>
    /// <param name="compiler">What compiles it.</param>
    /// <param name="options">Of the compiler; without any, the fastest for this processor.</param>
    /// <exception cref="ExportException">It is no such header, or does not compile.</exception>
    public static CompiledHeader Open(string path, int threads, CCompiler compiler, params string[] options)
    {
        string text = File.ReadAllText(path);
        Match name = PredictName().Match(text), bytes = ImageBytes().Match(text), classes = Classes().Match(text);
        if (!name.Success || !bytes.Success || !classes.Success)
            throw new ExportException($"{path}: is no header of a network; `reste export FILE --format c` makes one");
        string folder = Directory.CreateTempSubdirectory("reste-c-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, Header), text);
            File.WriteAllText(Path.Combine(folder, Program + ".c"), Source(name.Groups[1].Value));
            Compile(compiler, folder, options);
            return new CompiledHeader(folder, compiler.Version, threads, Number(bytes), Number(classes));
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public float[][] Logits(ReadOnlySpan<byte> images)
    {
        int count = images.Length / _imageBytes, each = Math.Max(1, (count + _threads - 1) / _threads);
        byte[] bytes = images.ToArray();
        var runs = new List<Task<float[][]>>();
        for (int first = 0; first < count; first += each)
        {
            ReadOnlyMemory<byte> part = bytes.AsMemory(first * _imageBytes, Math.Min(each, count - first) * _imageBytes);
            runs.Add(Task.Run(() => Run(part)));
        }

        return [.. Task.WhenAll(runs).GetAwaiter().GetResult().SelectMany(scores => scores)];
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Number(Match match) => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    private static void Compile(CCompiler compiler, string folder, string[] options)
    {
        string[] files = ["-o", Path.Combine(folder, Program), Path.Combine(folder, Program + ".c")];
        if (options.Length > 0)
        {
            if (compiler.Compile([.. options, .. files]) is (false, var messages))
                throw new ExportException($"{compiler.Version} does not compile the header: {messages.Split('\n')[0]}");
            return;
        }

        // Not every compiler knows its own processor.
        if (!compiler.Compile(["-O3", "-march=native", .. files]).IsWell)
            Compile(compiler, folder, ["-O3"]);
    }

    // One thread feeds the child while this one reads: neither pipe can fill up and stop the other.
    private float[][] Run(ReadOnlyMemory<byte> images)
    {
        var start = new ProcessStartInfo(Path.Combine(_folder, Program)) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        Task feeding = Task.Run(() => Feed(process.StandardInput.BaseStream, images));
        var scores = new float[images.Length / _imageBytes][];
        try
        {
            Stream output = process.StandardOutput.BaseStream;
            for (int n = 0; n < scores.Length; n++)
                output.ReadExactly(MemoryMarshal.AsBytes((scores[n] = new float[_classes]).AsSpan()));
            feeding.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0 ? scores : throw new ExportException(Ended(process));
        }
        catch (Exception problem) when (problem is IOException)
        {
            process.WaitForExit();
            throw new ExportException(Ended(process));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private static void Feed(Stream input, ReadOnlyMemory<byte> images)
    {
        using (input)
            input.Write(images.Span);
    }

    private static string Ended(Process process) => $"the program compiled of the header ended early, with exit code {process.ExitCode}";

    private static string Source(string name)
    {
        string upper = name.ToUpperInvariant();
        return $$"""
            #define {{upper}}_IMPLEMENTATION
            #include "{{Header}}"
            #include <stdio.h>

            int main(void)
            {
                static unsigned char image[{{upper}}_IMAGE_BYTES];
                static double workspace[{{upper}}_WORKSPACE / sizeof(double) + 1];
                static float scores[{{upper}}_CLASSES];
                while (fread(image, 1, sizeof image, stdin) == sizeof image) {
                    {{name}}_predict(image, scores, workspace);
                    if (fwrite(scores, sizeof scores, 1, stdout) != 1)
                        return 1;
                }
                return fflush(stdout) == 0 ? 0 : 1;
            }

            """;
    }

    [GeneratedRegex(@"^int (\w+)_predict\(", RegexOptions.Multiline)]
    private static partial Regex PredictName();

    [GeneratedRegex(@"^#define \w+_IMAGE_BYTES (\d+)", RegexOptions.Multiline)]
    private static partial Regex ImageBytes();

    [GeneratedRegex(@"^#define \w+_CLASSES (\d+)", RegexOptions.Multiline)]
    private static partial Regex Classes();
}
