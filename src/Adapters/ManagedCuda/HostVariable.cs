using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace ReSTE.Native.Adapters.ManagedCuda;

/// <summary>A device variable of the program's, and what must be true of it before the GPU is given its address.</summary>
/// <typeparam name="T">What an element is.</typeparam>
internal sealed class HostVariable<T>
    where T : unmanaged
{
    private readonly CudaDeviceVariable<T> _variable;
    private readonly string _name;
    private readonly CudaContext _context;
    private readonly CUstream _stream;

    /// <param name="variable">The program's.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="context">What it must be of.</param>
    /// <param name="stream">Where nothing is copied, see <see cref="CheckAlive"/>.</param>
    public HostVariable(CudaDeviceVariable<T> variable, string name, CudaContext context, CudaStream? stream)
    {
        ArgumentNullException.ThrowIfNull(variable, name);
        (_variable, _name, _context, _stream) = (variable, name, context, stream?.Stream ?? default);
        CheckAlive();
    }

    public nint Address => (IntPtr)_variable.DevicePointer.Pointer;

    /// <summary>Throws where it is disposed of. The address would be nobody's by then, or another's.</summary>
    public void CheckAlive()
    {
        HostObjects.Check(_context);
        try
        {
            // It does not say so by any property, but by refusing a copy; this one is of nothing.
            _variable.AsyncCopyToDevice(_variable.DevicePointer, 0, 0, 0, _stream);
        }
        catch (ObjectDisposedException)
        {
            throw HostObjects.Disposed($"the variable of {_name}");
        }
        catch (global::ManagedCuda.CudaException failed)
        {
            throw failed.ToEngine("cuMemcpyDtoDAsync", $"the variable of {_name}");
        }
    }

    /// <summary>Throws where it is of another length than a batch has: one that is short would be read or written past its end.</summary>
    /// <param name="elements">How many it should have.</param>
    /// <param name="what">What needs them.</param>
    public void CheckLength(long elements, string what)
    {
        long actual = _variable.Size;
        if (actual != elements)
            throw new ArgumentException($"the variable of {_name} has {actual} elements, {what} has {elements}", _name);
    }

    /// <summary>Throws where the driver knows its memory as another context's, whose addresses mean nothing in this one.</summary>
    public void CheckContext()
    {
        var owner = default(CUcontext);
        CUResult result =
            DriverAPINativeMethods.MemoryManagement.cuPointerGetAttribute(ref owner, CUPointerAttribute.Context, _variable.DevicePointer);
        // Memory of a pool, or mapped by hand, may be of no context.
        if (result == CUResult.Success && owner.Pointer != 0 && owner.Pointer != _context.Context.Pointer)
        {
            throw new ArgumentException(
                $"the variable of {_name} is of another context than the device: make it while that context is current", _name);
        }
    }
}
