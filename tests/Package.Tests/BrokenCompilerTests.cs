namespace ReSTE.Native.Package.Tests;

/// <summary>
/// Builds of a fresh copy of the source tree on machines whose compilers do not work: whatever a compiler says is the reason, in one
/// line, why kernels or the emulator are not there. It is never an error of the build.
/// </summary>
public sealed class BrokenCompilerTests : IDisposable
{
    private const string GccTooNew =
        "host_config.h:132:2: error: #error -- unsupported GNU version! gcc versions later than 11 are not supported!";

    private const string DoesNotWork = "nvcc 12.4.99 does not work here: ";

    private const string NotTested = "; the CUDA kernels are not tested here";

    private readonly SourceCopy _copy = new();

    public static TheoryData<string, string, string> Compilers => new()
    {
        { "nvcc", $"echo 'In file included from cuda_runtime.h:83,' >&2; echo '{GccTooNew}' >&2; exit 1", DoesNotWork + GccTooNew },
        { "nvcc", "echo \"nvcc fatal   : Cannot find compiler 'cl.exe' in PATH\"; exit 1",
            DoesNotWork + "nvcc fatal   : Cannot find compiler 'cl.exe' in PATH" },
        { "nvcc", "echo; echo '  one; $(two) @three@ %4 [five]'; exit 1", DoesNotWork + "one; $(two) @three@ %4 [five]" },
        { "nvcc", "exit 3", DoesNotWork + "it ended with status 3 and said nothing" },
        { "nvcc", "kill -SEGV $$", DoesNotWork + "it ended with 'Segmentation fault' and said nothing" },
        { "nvcc", "case \"$*\" in *probe*) ;; *) echo 'kernels/x.cu(7): error: expected a \";\"' >&2; exit 2;; esac",
            "kernels/x.cu(7): error: expected a \";\" (all of it: build/out/cmake/failures.txt)" },
        { "cmake", "echo 'cmake: error while loading shared libraries: librhash.so.0' >&2; exit 127",
            "cmake does not run here: cmake: error while loading shared libraries: librhash.so.0 (install CMake 3.21 or newer)" },
        { "cmake", "case \"$*\" in *-P*) printf 'CMake Error at kernels.cmake:4:\\n  CMake 9 is required.\\n'; exit 1;; esac",
            "cmake ended with status 1: CMake Error at kernels.cmake:4: CMake 9 is required." },
    };

    public void Dispose() => _copy.Dispose();

    [Theory]
    [MemberData(nameof(Compilers))]
    public void What_a_compiler_says_is_the_reason_in_one_line(string tool, string body, string reason)
    {
        RequireTools();
        _copy.WriteTool(tool, body);
        string line = Assert.Single(_copy.Dotnet("msbuild", "src/Engine", "-t:CompileKernels", "-nologo", "-v:minimal", "-tl:off"));
        Assert.Equal($"kernels not compiled: {reason}; the CUDA device will say so", line);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_program_is_built_where_the_host_compiler_is_too_new()
    {
        RequireTools();
        _copy.WriteTool("nvcc", $"echo '{GccTooNew}' >&2; exit 1");
        string[] lines = _copy.Dotnet("build", "src/Engine", "-nologo", "-v:minimal", "-tl:off");
        Assert.Single(lines, line => line.StartsWith($"kernels not compiled: {DoesNotWork}{GccTooNew}", StringComparison.Ordinal));
        Assert.True(File.Exists(_copy.At("src", "Engine", "bin", "Debug", "net10.0", "ReSTE.Native.Engine.dll")));
    }

    [Theory]
    [InlineData("g++", "echo 'g++: fatal error: cannot execute cc1plus' >&2; exit 1", "g++: g++: fatal error: cannot execute cc1plus")]
    [InlineData("g++", "exit 4", "g++: g++ ended with status 4 and said nothing")]
    [InlineData("cmake", "printf 'CMake Error at x.cmake:3 (message):\\n  The compiler\\n  is gone.\\n'; exit 1",
        "cmake: The compiler (all of it: build/out/emulator/configure.log)")]
    public void An_emulator_that_cannot_be_built_leaves_the_reason_beside_the_tests(string tool, string body, string reason)
    {
        RequireTools();
        _copy.WriteTool(tool, body);
        _copy.Write("tests/Sample/Sample.csproj",
            """<Project Sdk="Microsoft.NET.Sdk"><Import Project="../../build/Emulator.targets" /></Project>""");
        // What is left of a build that worked, and its copy.
        const string Copies = "tests/Sample/bin/Debug/net10.0/emulator/";
        string built = _copy.Write("build/out/emulator/libcuda-emulator.so", "old");
        string copied = _copy.Write(Copies + "libcuda-emulator.so", "old");

        string[] lines = _copy.Dotnet("build", "tests/Sample", "-nologo", "-v:minimal", "-tl:off");
        Assert.Single(lines, line => line == $"CUDA emulator not built: {reason}{NotTested}");
        Assert.Equal(reason, File.ReadAllText(_copy.At(Copies, "why-not.txt")).Trim());
        Assert.False(File.Exists(built) || File.Exists(copied), "an emulator of other sources is left");
    }

    private static void RequireTools()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the compilers of these tests are shell scripts");
        bool hasMake = SourceCopy.Finds("make") || SourceCopy.Finds("ninja");
        Assert.SkipUnless(hasMake && SourceCopy.Finds("cmake"), "cmake with make or ninja is not here");
        Assert.SkipUnless(SourceCopy.Finds("g++"), "g++ is not here");
    }
}
