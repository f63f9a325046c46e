using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace ReSTE.Native.Package.Tests;

/// <summary>The packages as somebody gets them who has nothing else: no source tree, no other package, no network.</summary>
[Trait("Category", "Slow")]
public sealed class PackageTests : IDisposable
{
    private const string Engine = "ReSTE.Native.Engine", Data = "ReSTE.Native.Data", Images = "ReSTE.Native.Images";
    private const string Inference = "ReSTE.Native.Inference";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_that_predicts_needs_one_of_them()
    {
        string packages = _folder.File("packages"), consumer = _folder.File("consumer");
        DotnetProcess.Run(
            _folder.Path, "pack", Repository.At("src", "Inference"), "--no-restore", "--output", packages, "--verbosity", "quiet");
        string package = Package(packages, Inference);
        CheckContents(package, Inference, "dependencies>", 0);
        CheckKernels(package, Inference, "packed_image.ptx.gz");
        Directory.CreateDirectory(consumer);
        File.Copy(Repository.At("samples", "Predict", EmbeddingSample.Source), Path.Combine(consumer, EmbeddingSample.Source));
        WriteConsumer(consumer, Inference, Path.GetFileNameWithoutExtension(package)[(Inference.Length + 1)..]);
        DotnetProcess.Run(consumer, "build", "--verbosity", "quiet");
        string program = Path.Combine(consumer, "bin", "Debug", "net10.0", "Consumer.dll");
        string[] files = PredictingSample.Files(consumer);
        Assert.Equal(PredictingSample.Lines, DotnetProcess.Run(consumer, [program, .. files]));
        var (exitCode, output) = DotnetProcess.Try(consumer, [("RESTE_LIBCUDA", "/none/libcuda.so")], [program, .. files, "cuda"]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("no GPU: the driver library /none/libcuda.so, named by RESTE_LIBCUDA, could not be loaded (", output);
    }

    [Fact]
    public void A_program_builds_from_them_and_runs()
    {
        string packages = _folder.File("packages"), consumer = _folder.File("consumer");
        foreach (string project in new[] { "Engine", "Data", "Images" })
        {
            DotnetProcess.Run(
                _folder.Path, "pack", Repository.At("src", project), "--no-restore", "--output", packages, "--verbosity", "quiet");
        }

        (string engine, string data) = (Package(packages, Engine), Package(packages, Data));
        CheckContents(engine, Engine, "dependencies>", 0);
        CheckContents(data, Data, $"<dependency id=\"{Engine}\"", 1);
        CheckContents(Package(packages, Images), Images, "<dependency id=\"SkiaSharp\"", 4);
        CheckKernels(engine, Engine, "sign_pack.ptx.gz");

        Directory.CreateDirectory(consumer);
        File.Copy(Repository.At("samples", "Embed", EmbeddingSample.Source), Path.Combine(consumer, EmbeddingSample.Source));
        WriteConsumer(consumer, Data, Path.GetFileNameWithoutExtension(data)[(Data.Length + 1)..]);
        DotnetProcess.Run(consumer, "build", "--verbosity", "quiet");
        EmbeddingSample.Check(Path.Combine(consumer, "bin", "Debug", "net10.0", "Consumer.dll"), consumer);
    }

    private static string Package(string folder, string id) => Assert.Single(Directory.GetFiles(folder, id + ".*.nupkg"));

    private static void CheckContents(string package, string id, string dependencies, int count)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] names = [.. archive.Entries.Select(e => e.FullName)];
        foreach (string expected in new[] { $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", "README.md" })
            Assert.Contains(expected, names);
        string manifest = Encoding.UTF8.GetString(Read(archive, id + ".nuspec"));
        string assembly = Encoding.Latin1.GetString(Read(archive, $"lib/net10.0/{id}.dll"));
        string[] words = ["<license type=\"expression\">MIT</license>", "<readme>README.md</readme>", "<description>", dependencies];
        foreach (string expected in words)
            Assert.Contains(expected, manifest, StringComparison.Ordinal);
        Assert.Equal(count, manifest.Split("<dependency ").Length - 1);
        // Built elsewhere, it would be the same: no folder of this machine is in it.
        Assert.DoesNotContain(Repository.At(), assembly, StringComparison.Ordinal);
    }

    /// <summary>The note that says which kernels are in it, or why there are none; and the kernels where it says so.</summary>
    private static void CheckKernels(string package, string id, string kernel)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using var assembly = new PEReader(new MemoryStream(Read(archive, $"lib/net10.0/{id}.dll")));
        MetadataReader metadata = assembly.GetMetadataReader();
        string[] resources = [.. metadata.ManifestResources.Select(r => metadata.GetString(metadata.GetManifestResource(r).Name))];
        Assert.Contains("kernels/build.txt", resources);
        string project = id[(id.LastIndexOf('.') + 1)..];
        string note = File.ReadAllText(Repository.At("src", project, "obj", "Release", "net10.0", "kernels.build.txt"));
        Assert.Equal(!note.StartsWith("kernels not compiled", StringComparison.Ordinal), resources.Contains($"kernels/{kernel}"));
        // Each has its own: those of packed networks are the inference package's.
        Assert.All(resources.Where(r => r.StartsWith("kernels/packed_", StringComparison.Ordinal)), _ => Assert.Equal(Inference, id));
    }

    private static byte[] Read(ZipArchive archive, string name)
    {
        using Stream stream = archive.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // No apphost: it would be one more package. The packages of this build, not others of the same version that lie in the user's cache.
    private static void WriteConsumer(string folder, string package, string version)
    {
        File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="{package}" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "nuget.config"), """
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="../cache" />
              </config>
              <packageSources>
                <clear />
                <add key="packed" value="../packages" />
              </packageSources>
            </configuration>
            """);
    }
}
