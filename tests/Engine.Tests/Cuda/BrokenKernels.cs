using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda;

/// <summary>Arguments of <c>sound_scale</c>.</summary>
internal readonly record struct SoundScale(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>sound_block_sum</c>.</summary>
internal readonly record struct SoundBlockSum(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>broken_missing_barrier</c>.</summary>
internal readonly record struct BrokenMissingBarrier(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>broken_off_by_one_write</c>.</summary>
internal readonly record struct BrokenOffByOneWrite(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>broken_off_by_one_read</c>.</summary>
internal readonly record struct BrokenOffByOneRead(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>broken_unwritten_tail</c>.</summary>
internal readonly record struct BrokenUnwrittenTail(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>broken_swapped_pointers</c>.</summary>
internal readonly record struct BrokenSwappedPointers(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;

/// <summary>Arguments of <c>broken_divergent_barrier</c>.</summary>
internal readonly record struct BrokenDivergentBarrier(Ptr<float> X, Ptr<float> Y, uint Count) : IKernelArgs;
