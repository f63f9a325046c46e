using System.Text;
using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>Where images come from, and what is said about them.</summary>
public sealed class KernelImagesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reste-images-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Folder_gives_its_files()
    {
        File.WriteAllText(Path.Combine(_folder, "sign_pack.ptx"), "//");
        KernelImages images = KernelImages.FromFolder(_folder);
        Assert.Equal("//"u8.ToArray(), images.Find("sign_pack.ptx"));
        Assert.Null(images.Find("sign_pack.sm_90a.cubin"));
        Assert.Equal($"1 image from {_folder}", images.Describe());
    }

    [Fact]
    public void Folder_without_images_says_so()
    {
        Assert.Equal($"the folder {_folder} holds no .ptx file", KernelImages.FromFolder(_folder).Describe());
        string absent = Path.Combine(_folder, "absent");
        Assert.Equal($"the folder {absent} does not exist", KernelImages.FromFolder(absent).Describe());
        Assert.Null(KernelImages.FromFolder(absent).Find("sign_pack.ptx"));
    }

    [Fact]
    public void Embedded_images_describe_themselves_in_one_line()
    {
        string text = KernelImages.Embedded.Describe();
        Assert.Matches("^(embedded, |none embedded: )[^\n]+$", text);
        Assert.Null(KernelImages.Embedded.Find("no_such_op.ptx"));
    }

    [Fact]
    public void Version_is_read_from_the_head_of_the_text()
    {
        Assert.Equal("8.4", PtxFailure.Version(Encoding.UTF8.GetBytes("//\n// Generated\n//\n\n.version 8.4\r\n.target sm_80\n")));
        Assert.Null(PtxFailure.Version([0x7F, (byte)'E', (byte)'L', (byte)'F']));
    }

    [Fact]
    public void Text_too_new_for_the_driver_says_what_to_do() =>
        Assert.Equal("sign_pack.ptx is PTX 8.4, too new for this driver, which supports CUDA 12.2: "
            + "update the driver, or build the kernels with an older nvcc",
            PtxFailure.Detail(CuResult.CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "sign_pack.ptx", ".version 8.4\n"u8.ToArray(), 12020, ""));

    [Fact]
    public void Invalid_text_shows_the_compilers_first_line()
    {
        Assert.Equal("sign_pack.ptx: ptxas application ptx input, line 5; error   : Unknown symbol 'x'",
            PtxFailure.Detail(CuResult.CUDA_ERROR_INVALID_PTX, "sign_pack.ptx", [], 12040,
                "\nptxas application ptx input, line 5; error   : Unknown symbol 'x'\nptxas fatal   : aborted\n"));
        Assert.Equal("sign_pack.ptx", PtxFailure.Detail(CuResult.CUDA_ERROR_INVALID_PTX, "sign_pack.ptx", [], 12040, ""));
    }
}
