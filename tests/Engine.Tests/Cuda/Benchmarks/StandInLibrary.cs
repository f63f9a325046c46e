using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ReSTE.Native.Engine.Tests.Cuda.Benchmarks;

/// <summary>A library with the names of cuBLAS and cuDNN, compiled where there is a compiler; it notes what it is called with.</summary>
internal static unsafe class StandInLibrary
{
    private static readonly Lazy<string?> File = new(Compile);

    /// <summary>Its file. Skips the test that calls it where there is no g++.</summary>
    public static string Path
    {
        get
        {
            Assert.SkipUnless(File.Value != null, "g++ was not found, or does not make libraries here");
            return File.Value;
        }
    }

    /// <summary>The calls since the last time this was asked.</summary>
    public static string[] TakeCalls()
    {
        nint library = NativeLibrary.Load(Path);
        var calls = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "stand_in_calls");
        string text = Marshal.PtrToStringUTF8((nint)calls())!;
        ((delegate* unmanaged<void>)NativeLibrary.GetExport(library, "stand_in_clear"))();
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string? Compile()
    {
        string source = System.IO.Path.Combine(AppContext.BaseDirectory, "Cuda", "Benchmarks", "float_libraries.cpp");
        string target = System.IO.Path.Combine(AppContext.BaseDirectory, $"float_libraries.{Environment.ProcessId}.so");
        try
        {
            using Process compiler = Process.Start(Environment.GetEnvironmentVariable("CXX") ?? "g++",
                ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", source, "-o", target]);
            compiler.WaitForExit();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.File.Delete(target);
            Assert.Equal(0, compiler.ExitCode);
            return target;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
