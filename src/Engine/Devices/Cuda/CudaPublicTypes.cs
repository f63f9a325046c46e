namespace ReSTE.Native.Devices.Cuda;

// What the engine shows of its bindings. They are compiled into the inference package too, where none of them shows: a program that uses
// both packages sees each of these once.
public sealed partial record CudaAllocator;

public sealed partial record CudaDeviceInfo;

public static partial class CudaDevices;

public sealed partial record CudaDeviceStatus;

public sealed partial class CudaException;

public sealed partial record CudaHost;

public sealed partial record CudaInventory;

public sealed partial class KernelImageException;

public abstract partial class KernelImages;

public sealed partial record LibraryAttempt;
