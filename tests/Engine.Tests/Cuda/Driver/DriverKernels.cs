using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>y = a + b, of add.cu.</summary>
internal readonly record struct AddKernel(Ptr<float> A, Ptr<float> B, Ptr<float> Y, uint Count) : IKernelArgs
{
    public static string Image => "add";

    public static string Entry => "add";

    public static uint Block => 256;
}

/// <summary>A kernel that add.cu does not have.</summary>
internal readonly record struct UnknownKernel(uint Count) : IKernelArgs
{
    public static string Image => "add";

    public static string Entry => "no_such_kernel";

    public static uint Block => 256;
}

/// <summary>A kernel of an image that does not exist.</summary>
internal readonly record struct ImagelessKernel(uint Count) : IKernelArgs
{
    public static string Image => "no_such_image";

    public static string Entry => "no_such_kernel";

    public static uint Block => 256;
}

/// <summary>The add kernel with more threads a block than it was compiled for.</summary>
internal readonly record struct TooWideKernel(Ptr<float> A, Ptr<float> B, Ptr<float> Y, uint Count) : IKernelArgs
{
    public static string Image => "add";

    public static string Entry => "add";

    public static uint Block => 512;
}
