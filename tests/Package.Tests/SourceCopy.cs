namespace ReSTE.Native.Package.Tests;

/// <summary>
/// What a build of the engine and the emulator needs of the source tree, in a folder of its own, as in a fresh clone: nothing that a
/// build left.
/// </summary>
internal sealed class SourceCopy : IDisposable
{
    private static readonly string[] s_folders = ["build", "kernels", "src/Engine", "tests/emulator"];

    private static readonly string[] s_leftovers = ["out", "bin", "obj"];

    private readonly TemporaryFolder _folder = new();

    public SourceCopy()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.At()).Where(file => !file.EndsWith(".sln", StringComparison.Ordinal)))
            File.Copy(file, At(Path.GetFileName(file)));
        foreach (string folder in s_folders)
            Copy(new DirectoryInfo(Repository.At(folder)), At(folder));
    }

    public string At(params ReadOnlySpan<string> path) => Path.Combine([_folder.Path, .. path]);

    public string Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
        File.WriteAllText(At(file), text);
        return At(file);
    }

    /// <summary>Puts a program first on the path: a shell script. One that is asked for its version answers as nvcc and cmake do.</summary>
    public void WriteTool(string name, string body)
    {
        string answer = name == "nvcc" ? "Cuda compilation tools, release 12.4, V12.4.99" : "cmake version 3.25.1";
        // The loader's complaint is one about every start.
        bool starts = !body.Contains("shared libraries", StringComparison.Ordinal);
        string version = starts ? $"case \"$*\" in *--version*) echo '{answer}'; exit 0;; esac\n" : "";
        string file = Write("tools/" + name, $"#!/bin/sh\n{version}{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Variables under which no compiler is found but by the path, whose first folder holds the tools written here.</summary>
    public (string Name, string? Value)[] Environment =>
    [
        ("PATH", $"{At("tools")}{Path.PathSeparator}{SystemPath}"),
        ("RESTE_NVCC", null), ("NVCC", null), ("CUDA_HOME", null), ("CUDA_PATH", null), ("CXX", null), ("ResteKernels", null),
    ];

    private static string SystemPath => System.Environment.GetEnvironmentVariable("PATH") ?? "";

    /// <summary>Runs `dotnet` in it with these variables; returns its output.</summary>
    public string[] Dotnet(params ReadOnlySpan<string> arguments) => DotnetProcess.Run(_folder.Path, Environment, arguments);

    /// <summary>Whether the path leads to a program.</summary>
    public static bool Finds(string program) =>
        SystemPath.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    public void Dispose() => _folder.Dispose();

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (DirectoryInfo folder in from.EnumerateDirectories().Where(folder => !s_leftovers.Contains(folder.Name)))
            Copy(folder, Path.Combine(to, folder.Name));
    }
}
