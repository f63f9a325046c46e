namespace ReSTE.Native.Pickles;

/// <summary>The element types of NumPy's arrays and scalars, as a pickle describes them.</summary>
internal static class NumpyTypes
{
    /// <summary>The module of NumPy's inner functions was renamed in its version 2.</summary>
    public static readonly string[] Modules = ["numpy.core.multiarray", "numpy._core.multiarray"];

    /// <summary>The same for those of protocol 5.</summary>
    public static readonly string[] NumericModules = ["numpy.core.numeric", "numpy._core.numeric"];

    /// <summary>A type's code, such as "u1" or "f8"; null where it is no type, or one whose bytes come in the other order.</summary>
    public static string? CodeOf(PickleValue value)
    {
        // dtype('u1', False, True) with the state (3, '|', None, None, None, -1, -1, 0).
        if (value.Call is not { Function.Whole: "numpy.dtype", Arguments: [var code, ..], State.Tuple: [_, var order, ..] })
            return null;
        return order.Is("|") || order.Is("<") || order.Is("=") ? code.Text() : null;
    }
}
