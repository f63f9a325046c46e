using System.Text;
using System.Text.RegularExpressions;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>What is said of images that are missing, damaged or of another version, before anything of them is launched.</summary>
[Trait("Category", "Device")]
public sealed class ImageFailureTests
{
    [Fact]
    public void A_kernel_that_no_image_has_is_named()
    {
        using DriverRig rig = DriverRig.Require();
        KernelImageException e = Assert.Throws<KernelImageException>(() => rig.Stream.Launch(new NoSuchKernel(1), new Grid(1)));
        Assert.Equal($"there is no kernel no_such_kernel: {DriverRig.Images().Describe()}", e.Message);
    }

    [Fact]
    public void A_constant_that_an_image_lacks_is_named()
    {
        using DriverRig rig = DriverRig.Require();
        KernelImageException e = Assert.Throws<KernelImageException>(() => rig.Modules.Find<Add>().Constant("tile_rows"));
        Assert.Matches(@"^add\.[a-z0-9_.]+ has no constant tile_rows, which launches of add need: it is of another version$", e.Message);
    }

    [Fact]
    public void A_folder_without_images_is_named()
    {
        using DriverRig rig = DriverRig.Require();
        string absent = Path.Combine(Path.GetTempPath(), "reste-no-such-folder");
        var e = Assert.Throws<KernelImageException>(() => new KernelModules(rig.Context, KernelImages.FromFolder(absent)));
        Assert.Equal($"there are no kernels to run: the folder {absent} does not exist", e.Message);
    }

    [Fact]
    public void Text_that_asks_for_a_wider_block_than_its_kernel_allows_is_refused()
    {
        DriverRig.RequireEmulator();
        using DriverRig rig = DriverRig.Require();
        string text = Encoding.ASCII.GetString(DriverRig.Images().Find("add.ptx")!).Replace(".maxntid 256", ".maxntid 512",
            StringComparison.Ordinal);
        var e = Assert.Throws<KernelImageException>(() => Load(rig, ("add.ptx", Encoding.ASCII.GetBytes(text))));
        Assert.Equal("add: 512 threads a block, add.ptx was compiled for 256", e.Message);
    }

    [Fact]
    public void A_kernel_in_two_images_is_refused()
    {
        DriverRig.RequireEmulator();
        using DriverRig rig = DriverRig.Require();
        byte[] text = DriverRig.Images().Find("relu.ptx")!;
        var e = Assert.Throws<KernelImageException>(() => Load(rig, ("relu.ptx", text), ("relu_old.ptx", text)));
        Assert.Equal("the kernel relu is in relu.ptx and in relu_old.ptx: one of them is of another version", e.Message);
    }

    [Fact]
    public void A_kernel_with_parameters_of_another_version_is_named_and_not_launched()
    {
        // A real driver would compile the rest of the text, which does not fit.
        DriverRig.RequireEmulator();
        using DriverRig rig = DriverRig.Require();
        string text = Encoding.ASCII.GetString(DriverRig.Images().Find("add.ptx")!);
        // One pointer less: what add takes in this version is three and a count.
        string older = text.Replace(Regex.Match(text, @"\.param [^,(]*add_param_0[^,]*,").Value, "", StringComparison.Ordinal);
        Assert.NotEqual(text, older);
        using KernelModules modules = Load(rig, ("add.ptx", Encoding.ASCII.GetBytes(older)));
        var e = Assert.Throws<KernelImageException>(modules.FindToLaunch<Add>);
        Assert.Matches("^add of add.ptx takes parameters of 8 8 4 bytes, this version's of 8 8 8 4: it is of another version; "
            + "1 image from .+$", e.Message);
    }

    [Theory]
    [InlineData(".param .u64 a_0,\n\t.param .u32 a_1", new[] { 8, 4 })]
    [InlineData("\n\t.param .u64 .ptr .align 1 a_0,\n\t.param .align 8 .b8 a_1[40]\n", new[] { 8, 40 })]
    [InlineData(".param .f32 a_0,.param .f64 a_1", new[] { 4, 8 })]
    [InlineData("", new int[0])]
    public void Sizes_of_parameters_are_read_from_the_text(string parameters, int[] expected)
    {
        byte[] text = Encoding.ASCII.GetBytes($".visible .entry a({parameters})\n.maxntid 64, 1, 1\n");
        Assert.Equal(expected, KernelText.Of(text).Parameters["a"]);
    }

    [Theory]
    [InlineData(".version 99.9\n.target sm_80\n.address_size 64\n",
        "cuModuleLoadDataEx(add.ptx is PTX 99.9, too new for this driver, which supports CUDA ")]
    [InlineData("nonsense\n", "cuModuleLoadDataEx(add.ptx")]
    public void Damaged_or_foreign_image_is_explained(string text, string expected)
    {
        using DriverRig rig = DriverRig.Require();
        CudaException e = Assert.Throws<CudaException>(() => Load(rig, ("add.ptx", Encoding.ASCII.GetBytes(text))));
        Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Binary_the_driver_does_not_know_gives_way_to_the_text()
    {
        using DriverRig rig = DriverRig.Require();
        byte[]? text = DriverRig.Images().Find("add.ptx");
        Assert.SkipWhen(text is null || rig.Context.Info.Capability != "9.0", "needs add.ptx and a GPU that sm_90a is for");
        using KernelModules modules = Load(rig, ("add.ptx", text), ("add.sm_90a.cubin", "\u007fELF of another world"u8.ToArray()));
        Assert.Equal("add.ptx", modules.Find<Add>().ImageFile);
    }

    [Fact]
    public void The_block_of_every_kernel_is_the_one_it_was_compiled_for()
    {
        using DriverRig rig = DriverRig.Require();
        Assert.All(rig.Modules.Kernels, kernel => Assert.Equal(rig.Modules.LargestBlock(kernel.Function), kernel.Block));
    }

    /// <summary>The modules of a folder with these files.</summary>
    private static KernelModules Load(DriverRig rig, params (string Name, byte[] Bytes)[] files)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("reste-images-");
        try
        {
            foreach (var (name, bytes) in files)
                File.WriteAllBytes(Path.Combine(folder.FullName, name), bytes);
            return new KernelModules(rig.Context, KernelImages.FromFolder(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
