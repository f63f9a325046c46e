using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ReSTE.Native.Export.Onnx;

/// <summary>
/// Finds ONNX Runtime's native library, which is no part of this program: it is larger than all the rest, and what is exported is whole
/// without it. <c>RESTE_ONNXRUNTIME</c> names it; else it is looked for as the system looks for libraries.
/// </summary>
internal static class OnnxRuntimeLibrary
{
    /// <summary>The variable of the environment that names the library.</summary>
    public const string Variable = "RESTE_ONNXRUNTIME";

    private const string Library = "onnxruntime";

    private static readonly Lazy<string> s_version = new(Load);

    /// <summary>Loads it, once; its version.</summary>
    /// <exception cref="ExportException">It is not there, or is no ONNX Runtime that this program can use.</exception>
    public static string Version()
    {
        try
        {
            return s_version.Value;
        }
        catch (Exception problem) when (problem is not ExportException)
        {
            throw Missing(problem);
        }
    }

    private static string Load()
    {
        OrtEnv.DisableDllImportResolver = true;
        NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, Resolve);
        return OrtEnv.Instance().GetVersionString();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == Library && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? NativeLibrary.Load(path) : 0;

    // The runtime says in its first line that loading failed, and in those below what the system said of each place.
    private static ExportException Missing(Exception problem)
    {
        string file = OperatingSystem.IsWindows() ? "onnxruntime.dll"
            : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";
        string[] lines = problem.GetBaseException().Message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new ExportException($"ONNX Runtime is not on this machine ({lines.ElementAtOrDefault(1) ?? lines[0]}); the package "
            + $"Microsoft.ML.OnnxRuntime has {file}: put it beside this program, or name it in {Variable}");
    }
}
