using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Engine.Tests.Cuda.Driver;

/// <summary>A kernel that no image has.</summary>
internal readonly record struct NoSuchKernel(uint Count) : IKernelArgs;
