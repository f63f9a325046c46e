using System.Reflection;
using System.Runtime.Loader;
using ReSTE.Native.Export.Onnx;

namespace ReSTE.Native.Export.Tests;

public class OnnxRuntimeLibraryTests
{
    [Fact]
    public void Its_version_is_part_of_the_readers_name() => Assert.Equal("1.31.1", OnnxRuntimeLibrary.Version());

    [Fact]
    public void Without_it_one_line_says_what_was_looked_for_and_what_helps()
    {
        string path = Path.GetTempFileName();
        var elsewhere = new WithoutOnnxRuntime();
        try
        {
            Type format = elsewhere.LoadFromAssemblyName(typeof(OnnxFormat).Assembly.GetName()).GetType(typeof(OnnxFormat).FullName!)!;
            var failed = Assert.Throws<TargetInvocationException>(
                () => format.GetMethod(nameof(OnnxFormat.Open))!.Invoke(Activator.CreateInstance(format), [path, 1]));
            string message = failed.InnerException!.Message;
            Assert.Equal(typeof(ExportException).FullName, failed.InnerException.GetType().FullName);
            Assert.StartsWith("ONNX Runtime is not on this machine (there is no such library); ", message);
            Assert.EndsWith("or name it in RESTE_ONNXRUNTIME", message);
            Assert.DoesNotContain('\n', message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A copy of the program that finds no native library.</summary>
    private sealed class WithoutOnnxRuntime() : AssemblyLoadContext(nameof(WithoutOnnxRuntime))
    {
        protected override Assembly? Load(AssemblyName name)
        {
            string path = Path.Combine(AppContext.BaseDirectory, name.Name + ".dll");
            bool isOurs = name.Name is "ReSTE.Native.Export" or "Microsoft.ML.OnnxRuntime";
            return isOurs ? LoadFromAssemblyPath(path) : null;
        }

        protected override nint LoadUnmanagedDll(string name) => throw new DllNotFoundException("there is no such library");
    }
}
