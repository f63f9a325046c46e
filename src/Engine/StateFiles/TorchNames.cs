using ReSTE.Native.Checkpoints;
using ReSTE.Native.Pickles;

namespace ReSTE.Native.StateFiles;

/// <summary>
/// Every name that a PyTorch file may mention: how tensors are rebuilt, types, and the plain containers and numbers that trainers save
/// beside them. A name on this list is understood or ignored, never called; one that is not is refused.
/// </summary>
internal static class TorchNames
{
    public const string Tensor = "torch._utils._rebuild_tensor", Tensor2 = Tensor + "_v2", Tensor3 = Tensor + "_v3",
        Parameter = "torch._utils._rebuild_parameter", Size = "torch.Size", Untyped = "torch.storage.UntypedStorage",
        OrderedDictionary = "collections.OrderedDict";

    /// <summary>
    /// Bytes of a tensor's or a storage's name: more than any has. A text that a file has once can be the name of many entries, and each
    /// makes a text of its own.
    /// </summary>
    public const int Longest = 1024;

    private static readonly Dictionary<string, SafetensorsType> s_storages = new()
    {
        ["DoubleStorage"] = SafetensorsType.F64,
        ["FloatStorage"] = SafetensorsType.F32,
        ["HalfStorage"] = SafetensorsType.F16,
        ["BFloat16Storage"] = SafetensorsType.BF16,
        ["LongStorage"] = SafetensorsType.I64,
        ["IntStorage"] = SafetensorsType.I32,
        ["ShortStorage"] = SafetensorsType.I16,
        ["CharStorage"] = SafetensorsType.I8,
        ["ByteStorage"] = SafetensorsType.U8,
        ["BoolStorage"] = SafetensorsType.Bool,
    };

    private static readonly Dictionary<string, SafetensorsType> s_types = new()
    {
        ["torch.float64"] = SafetensorsType.F64,
        ["torch.float32"] = SafetensorsType.F32,
        ["torch.float16"] = SafetensorsType.F16,
        ["torch.bfloat16"] = SafetensorsType.BF16,
        ["torch.int64"] = SafetensorsType.I64,
        ["torch.int32"] = SafetensorsType.I32,
        ["torch.int16"] = SafetensorsType.I16,
        ["torch.int8"] = SafetensorsType.I8,
        ["torch.uint8"] = SafetensorsType.U8,
        ["torch.uint16"] = SafetensorsType.U16,
        ["torch.uint32"] = SafetensorsType.U32,
        ["torch.uint64"] = SafetensorsType.U64,
        ["torch.bool"] = SafetensorsType.Bool,
        ["torch.float8_e4m3fn"] = SafetensorsType.F8E4M3,
        ["torch.float8_e5m2"] = SafetensorsType.F8E5M2,
    };

    /// <summary>What a file's pickles may hold.</summary>
    public static PickleRules Rules { get; } = new("no checkpoint of weights uses",
        new HashSet<string>(
        [
            Tensor, Tensor2, Tensor3, Parameter, Size, Untyped, OrderedDictionary, "torch.device", "collections.Counter",
            "collections.defaultdict", "argparse.Namespace", "numpy.ndarray", "numpy.dtype", EncodedBytes.Function,
            .. s_types.Keys, .. s_storages.Keys.SelectMany(name => new[] { "torch." + name, "torch.cuda." + name }),
            .. NumpyTypes.Modules.SelectMany(module => new[] { module + ".scalar", module + "._reconstruct" }),
            .. new[] { "builtins", "__builtin__" }.SelectMany(module =>
                new[] { ".int", ".float", ".str", ".bool", ".list", ".dict", ".set" }.Select(name => module + name)),
        ]))
    {
        HasPersistentValues = true,
        // A tensor takes some 26: enough for as many as a zip archive has members.
        MostValues = 2_000_000,
    };

    /// <summary>The element type of a storage's class; null where it has none of its own.</summary>
    public static SafetensorsType? OfStorage(PickleName name) => name.Whole == Untyped ? null
        : s_storages.TryGetValue(name.Name, out SafetensorsType type) ? type : null;

    /// <summary>The element type that a tensor names itself.</summary>
    public static SafetensorsType? OfType(PickleName name) => s_types.TryGetValue(name.Whole, out SafetensorsType type) ? type : null;

    /// <summary>The storage's class for an element type; null where PyTorch has none.</summary>
    public static string? StorageOf(SafetensorsType type) =>
        s_storages.Where(pair => pair.Value == type).Select(pair => pair.Key).FirstOrDefault();
}
