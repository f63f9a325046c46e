using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// One place where the driver library was looked for. <paramref name="Failure"/> is the loader's own message, null where it was found.
/// </summary>
sealed partial record LibraryAttempt(string Path, string? Failure);

/// <summary>
/// Finds the driver library, once in a process: the file RESTE_LIBCUDA names and no other, or else where drivers install it.
/// </summary>
internal static class CudaLibrary
{
    /// <summary>The variable that names the library to load, such as the emulator's.</summary>
    internal const string Variable = "RESTE_LIBCUDA";

    private static readonly Lock Gate = new();
    private static readonly List<LibraryAttempt> Tried = [];
    private static CudaDriver? s_driver;
    private static bool s_searched;

    /// <summary>Where it was looked for, in order; empty before <see cref="TryLoad"/>.</summary>
    internal static IReadOnlyList<LibraryAttempt> Attempts
    {
        get
        {
            lock (Gate)
                return [.. Tried];
        }
    }

    /// <summary>Its functions; null before <see cref="TryLoad"/>, and where there is none.</summary>
    internal static CudaDriver? Driver => Volatile.Read(ref s_driver);

    /// <summary>The file that was loaded, or null.</summary>
    internal static string? Loaded => Attempts.FirstOrDefault(a => a.Failure is null)?.Path;

    /// <summary>The driver's own variable that hides GPUs from a program, or null where it is not set.</summary>
    internal static string? VisibleDevices => Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES");

    /// <summary>Loads the library on the first call. <paramref name="why"/> is one clause where there is none.</summary>
    internal static bool TryLoad([NotNullWhen(true)] out CudaDriver? driver, out string? why)
    {
        lock (Gate)
        {
            if (!s_searched)
            {
                s_searched = true;
                nint library = Search(Candidates(Environment.GetEnvironmentVariable(Variable)), Tried);
                if (library != 0)
                    Volatile.Write(ref s_driver, new CudaDriver(library, Tried[^1].Path));
            }

            driver = s_driver;
            why = driver != null ? null : Explain(Tried, Environment.GetEnvironmentVariable(Variable));
            return driver != null;
        }
    }

    /// <summary>The files to try, in order.</summary>
    internal static string[] Candidates(string? named)
    {
        // A bare name goes to the loader as it is; a path must not depend on where the loader would look for a relative one.
        if (!string.IsNullOrEmpty(named))
            return [named.Contains('/') || named.Contains(Path.DirectorySeparatorChar) || File.Exists(named) ? Path.GetFullPath(named)
                : named];
        if (OperatingSystem.IsWindows())
            return ["nvcuda.dll"];
        return
        [
            "libcuda.so.1",
            "/usr/lib/wsl/lib/libcuda.so.1",
            "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
            "/usr/lib64/libcuda.so.1",
            "/usr/lib/aarch64-linux-gnu/libcuda.so.1",
            "libcuda.so",
        ];
    }

    /// <summary>The first candidate that loads and is a driver, or 0. Every attempt is noted.</summary>
    internal static nint Search(IEnumerable<string> candidates, List<LibraryAttempt> tried)
    {
        foreach (string path in candidates)
        {
            nint library = Load(path, out string? failure);
            tried.Add(new LibraryAttempt(path, failure));
            if (library != 0)
                return library;
        }

        return 0;
    }

    /// <summary>One clause that says why none of these was loaded.</summary>
    internal static string Explain(IReadOnlyList<LibraryAttempt> tried, string? named)
    {
        if (!string.IsNullOrEmpty(named) && tried.Count > 0)
            return $"the driver library {tried[0].Path}, named by {Variable}, could not be loaded ({tried[0].Failure})";
        LibraryAttempt? damaged = tried.FirstOrDefault(a => a.Failure is not null && !IsAbsence(a.Failure));
        if (damaged is not null)
            return $"the driver library {damaged.Path} could not be loaded ({damaged.Failure})";
        return $"the driver library {Candidates(null)[0]} was not found";
    }

    private static nint Load(string path, out string? failure)
    {
        try
        {
            nint library = NativeLibrary.Load(path);
            failure = NativeLibrary.TryGetExport(library, "cuInit", out _) ? null : "it has no function cuInit";
            return failure is null ? library : 0;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            failure = LoaderMessage(e.Message);
            return 0;
        }
    }

    /// <summary>
    /// The dynamic linker's line out of the runtime's message, which begins with advice and tries several spellings of the name.
    /// </summary>
    private static string LoaderMessage(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return OneLine.Of(lines.Length > 1 ? lines[1] : lines.FirstOrDefault("no message"));
    }

    private static bool IsAbsence(string failure) =>
        failure.Contains("No such file", StringComparison.Ordinal) || failure.Contains("0x8007007E", StringComparison.Ordinal);
}
