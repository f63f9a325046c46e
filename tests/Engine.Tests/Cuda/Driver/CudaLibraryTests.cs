using System.Runtime.InteropServices;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>Where the driver library is looked for, and what is said when it is not there.</summary>
public sealed class CudaLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reste-library-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Named_library_is_the_only_candidate()
    {
        Assert.Equal(["/opt/emulator/libcuda-emulator.so"], CudaLibrary.Candidates("/opt/emulator/libcuda-emulator.so"));
        Assert.Equal(["libcuda.so.1"], CudaLibrary.Candidates("libcuda.so.1"));
        Assert.Equal([Path.GetFullPath("some/libcuda.so")], CudaLibrary.Candidates("some/libcuda.so"));
    }

    [Fact]
    public void Unnamed_library_is_looked_for_by_its_versioned_name_first()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has one name for it");
        string[] candidates = CudaLibrary.Candidates(null);
        Assert.Equal("libcuda.so.1", candidates[0]);
        Assert.Equal("libcuda.so", candidates[^1]);
        Assert.Contains("/usr/lib/wsl/lib/libcuda.so.1", candidates);
        Assert.Equal(candidates, CudaLibrary.Candidates(""));
    }

    [Fact]
    public void Absent_library_is_said_to_be_absent()
    {
        string[] paths = [Path.Combine(_folder, "libcuda.so.1"), Path.Combine(_folder, "libcuda.so")];
        List<LibraryAttempt> tried = [];
        Assert.Equal(0, CudaLibrary.Search(paths, tried));
        Assert.Equal(paths, tried.Select(a => a.Path));
        Assert.All(tried, a => Assert.DoesNotContain('\n', a.Failure!));
        Assert.Contains("No such file", tried[0].Failure, StringComparison.Ordinal);
        Assert.Equal($"the driver library {CudaLibrary.Candidates(null)[0]} was not found", CudaLibrary.Explain(tried, null));
    }

    [Fact]
    public void Damaged_library_is_told_from_an_absent_one()
    {
        string damaged = Path.Combine(_folder, "damaged.so");
        File.WriteAllText(damaged, "not a library");
        List<LibraryAttempt> tried = [];
        Assert.Equal(0, CudaLibrary.Search([Path.Combine(_folder, "absent.so"), damaged], tried));
        Assert.StartsWith($"the driver library {damaged} could not be loaded (", CudaLibrary.Explain(tried, null),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Named_library_that_fails_is_blamed_by_its_variable()
    {
        string path = Path.Combine(_folder, "absent.so");
        List<LibraryAttempt> tried = [];
        Assert.Equal(0, CudaLibrary.Search([path], tried));
        Assert.StartsWith($"the driver library {path}, named by RESTE_LIBCUDA, could not be loaded (", CudaLibrary.Explain(tried, path),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_library_is_not_taken_for_a_driver()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libc.so.6 is Linux's");
        List<LibraryAttempt> tried = [];
        Assert.Equal(0, CudaLibrary.Search(["libc.so.6"], tried));
        Assert.Equal("it has no function cuInit", tried[0].Failure);
    }

    [Fact]
    public void A_library_that_lacks_functions_is_named_with_the_first_of_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libc.so.6 is Linux's");
        var driver = new CudaDriver(NativeLibrary.Load("libc.so.6"), "libcuda.so.1");
        Assert.Matches("^the driver library libcuda.so.1 has no function cuInit, nor [0-9]+ others$", driver.Incomplete);
    }

    [Fact]
    public void A_driver_has_every_function_the_engine_calls()
    {
        GpuUnderTest.Require();
        Assert.Null(CudaLibrary.Driver!.Incomplete);
    }
}
