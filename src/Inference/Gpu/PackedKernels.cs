using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Gpu;

/// <summary>Arguments of <c>packed_image</c>.</summary>
internal readonly record struct PackedImage(Ptr<byte> Bytes, Ptr<float> Scale, Ptr<float> Shift, Ptr<float> Y, uint Count, uint Channels)
    : IKernelArgs;

/// <summary>Arguments of <c>packed_real_conv</c>.</summary>
internal readonly record struct PackedRealConv(
    Ptr<float> X, Ptr<double> W, Ptr<float> Bias, PackedFinishArgument Finish, ConvGeometryArgument G) : IKernelArgs;

/// <summary>The struct <c>PackedFinish</c> of the kernels, one parameter by value: null for what there is not.</summary>
internal readonly record struct PackedFinishArgument(Ptr<float> Mean, Ptr<float> Factor, Ptr<float> Shift, Ptr<float> Added, Ptr<float> Y,
    Ptr<uint> Signs, uint Activation);

/// <summary>Arguments of <c>packed_finish</c>.</summary>
internal readonly record struct PackedFinish(Ptr<float> X, PackedFinishArgument Finish, uint Rows, uint Channels) : IKernelArgs;

/// <summary>The struct <c>PackedResult</c> of the kernels, one parameter by value: bounds and flips, or scales.</summary>
internal readonly record struct PackedResultArgument(Ptr<int> Bounds, Ptr<uint> Flips, Ptr<float> Scale, PackedFinishArgument Finish);

/// <summary>Arguments of <c>packed_sign_conv</c>.</summary>
internal readonly record struct PackedSignConv(Ptr<uint> XBits, Ptr<uint> WBits, PackedResultArgument Result, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>packed_sign_conv_mma</c>.</summary>
internal readonly record struct PackedSignConvMma(Ptr<uint> XBits, Ptr<uint> WBits, PackedResultArgument Result, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>packed_sign_conv_mma_xor</c>.</summary>
internal readonly record struct PackedSignConvMmaXor(Ptr<uint> XBits, Ptr<uint> WBits, PackedResultArgument Result, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>packed_sign_conv_mma_int8</c>.</summary>
internal readonly record struct PackedSignConvMmaInt8(Ptr<uint> XBits, Ptr<uint> WBits, PackedResultArgument Result, ConvGeometryArgument G)
    : IKernelArgs;

/// <summary>Arguments of <c>packed_max_pool</c>.</summary>
internal readonly record struct PackedMaxPool(Ptr<float> X, Ptr<float> Y, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>packed_max_pool_signs</c>.</summary>
internal readonly record struct PackedMaxPoolSigns(Ptr<uint> XBits, Ptr<uint> Signs, ConvGeometryArgument G) : IKernelArgs;

/// <summary>Arguments of <c>packed_average_pool</c>.</summary>
internal readonly record struct PackedAveragePool(Ptr<float> X, Ptr<float> Y, uint N, uint H, uint W, uint C, uint Rows, uint Columns)
    : IKernelArgs;

/// <summary>Arguments of <c>shortcut_pad</c>, which the engine has too.</summary>
internal readonly record struct ShortcutPad(Ptr<float> X, Ptr<float> Y, uint N, uint H, uint W, uint C, uint Co) : IKernelArgs;
