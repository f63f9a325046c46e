using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>One field of an argument struct: where it lies in it, in bytes, is where the driver reads the kernel's parameter.</summary>
internal readonly record struct KernelParameter(string Name, Type Type, int Offset, int Size);

/// <summary>Where the parameters lie in an argument struct, measured once a type.</summary>
internal static class KernelLayout<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs> where TArgs : unmanaged
{
    /// <summary>The parameters in the kernel's order.</summary>
    internal static readonly KernelParameter[] Parameters = KernelLayout.Measure(typeof(TArgs));

    /// <summary>Their offsets, in bytes.</summary>
    internal static readonly int[] Offsets = [.. Parameters.Select(p => p.Offset)];
}

/// <summary>Measures argument structs.</summary>
internal static class KernelLayout
{
    /// <summary>What trimming must leave of an argument struct for it to be measured.</summary>
    internal const DynamicallyAccessedMemberTypes Needed =
        DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields
        | DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.NonPublicConstructors;

    /// <summary>The fields of an unmanaged struct, by offset; in a sequential struct that is the order of declaration.</summary>
    internal static KernelParameter[] Measure([DynamicallyAccessedMembers(Needed)] Type type)
    {
        if (!type.IsLayoutSequential)
            throw new ArgumentException($"{type.Name}: parameters lie in the order of declaration, but its layout is not sequential");
        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        var parameters = new KernelParameter[fields.Length];
        for (int i = 0; i < fields.Length; i++)
        {
            Type field = fields[i].FieldType;
            parameters[i] = new KernelParameter(ParameterName(fields[i]), field, OffsetOf(type, fields[i]), SizeOf(field));
        }

        Array.Sort(parameters, (a, b) => a.Offset.CompareTo(b.Offset));
        return parameters;
    }

    /// <summary>
    /// The runtime's own layout, which Marshal.OffsetOf does not give: sets the field of a zeroed struct to ones, taken from one that is
    /// ones throughout, and looks for the first of them.
    /// </summary>
    private static int OffsetOf([DynamicallyAccessedMembers(Needed)] Type type, FieldInfo field)
    {
        object ones = RuntimeHelpers.GetUninitializedObject(type), zeros = RuntimeHelpers.GetUninitializedObject(type);
        Fill(ones, SizeOf(type));
        field.SetValue(zeros, field.GetValue(ones));
        return Bytes(zeros, SizeOf(type)).AsSpan().IndexOf((byte)0xFF);
    }

    private static void Fill(object boxed, int size)
    {
        var pin = GCHandle.Alloc(boxed, GCHandleType.Pinned);
        for (int i = 0; i < size; i++)
            Marshal.WriteByte(pin.AddrOfPinnedObject(), i, 0xFF);
        pin.Free();
    }

    private static byte[] Bytes(object boxed, int size)
    {
        var bytes = new byte[size];
        var pin = GCHandle.Alloc(boxed, GCHandleType.Pinned);
        Marshal.Copy(pin.AddrOfPinnedObject(), bytes, 0, size);
        pin.Free();
        return bytes;
    }

    // Marshal.SizeOf refuses generic structs, which Ptr<T> is.
    private static int SizeOf(Type type) => RuntimeHelpers.SizeOf(type.TypeHandle);

    /// <summary>A positional property's field is called &lt;X&gt;k__BackingField.</summary>
    private static string ParameterName(FieldInfo field) =>
        field.Name[0] == '<' ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}
