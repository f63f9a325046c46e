using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host.Tests.EndToEnd;

/// <summary>A tensor for a file of another program.</summary>
internal sealed record WrittenTensor(string Name, SafetensorsType Type, long[] Shape, byte[] Bytes);

/// <summary>Tensors as other programs write them: PyTorch's zip and stream forms and safetensors, with any word before the names.</summary>
internal static class WrittenState
{
    /// <summary>The number a stream begins with, pickled; the protocol's; and that the machine is little-endian.</summary>
    private static readonly byte[] s_streamStart =
    [
        0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.',
        0x80, 2, (byte)'M', 0xe9, 3, (byte)'.',
        0x80, 2, (byte)'}', (byte)'X', 13, 0, 0, 0, .. "little_endian"u8, 0x88, (byte)'s', (byte)'.',
    ];

    /// <summary>The tensors of a file.</summary>
    public static List<WrittenTensor> Of(StateDictionary state) =>
        [.. state.Entries.Select(e => new WrittenTensor(e.Name, e.Type, [.. e.Shape], state.Bytes(e.Name).ToArray()))];

    /// <summary>Writes them in a form: zip, stream or safetensors.</summary>
    public static void Write(string path, string form, IReadOnlyList<WrittenTensor> tensors, string prefix = "")
    {
        switch (form)
        {
            case "zip": WriteZip(path, tensors, prefix); break;
            case "stream": File.WriteAllBytes(path, Stream(tensors, prefix)); break;
            default: WriteSafetensors(path, tensors, prefix); break;
        }
    }

    private static void WriteZip(string path, IReadOnlyList<WrittenTensor> tensors, string prefix)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        void Add(string name, byte[] bytes)
        {
            using var entry = zip.CreateEntry("model/" + name, CompressionLevel.NoCompression).Open();
            entry.Write(bytes);
        }

        Add("data.pkl", new Pickle(isStream: false).StateDict(tensors, prefix));
        for (var i = 0; i < tensors.Count; i++)
            Add($"data/{i}", tensors[i].Bytes);
    }

    private static byte[] Stream(IReadOnlyList<WrittenTensor> tensors, string prefix)
    {
        var file = new List<byte>([.. s_streamStart, .. new Pickle(isStream: true).StateDict(tensors, prefix), 0x80, 2, (byte)']']);
        for (var i = 0; i < tensors.Count; i++)
            file.AddRange(new Pickle(isStream: true).Text(Numbers.Text(i)).Raw((byte)'a').Bytes);
        file.Add((byte)'.');
        foreach (var tensor in tensors)
            file.AddRange([.. BitConverter.GetBytes((long)tensor.Bytes.Length / Pickle.Size(tensor.Type)), .. tensor.Bytes]);
        return [.. file];
    }

    private static void WriteSafetensors(string path, IReadOnlyList<WrittenTensor> tensors, string prefix)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new Dictionary<string, string> { ["format"] = "pt" } };
        var at = 0;
        foreach (var tensor in tensors)
        {
            header[prefix + tensor.Name] = new Dictionary<string, object>
            {
                ["dtype"] = tensor.Type.ToString().ToUpperInvariant(),
                ["shape"] = tensor.Shape,
                ["data_offsets"] = new[] { at, at += tensor.Bytes.Length },
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes(json.LongLength), .. json, .. tensors.SelectMany(t => t.Bytes)]);
    }

    private sealed class Pickle(bool isStream)
    {
        public List<byte> Bytes { get; } = [];

        public static int Size(SafetensorsType type) => type == SafetensorsType.F32 ? sizeof(float) : sizeof(long);

        /// <summary>{'epoch': 2, 'state_dict': OrderedDict}.</summary>
        public byte[] StateDict(IReadOnlyList<WrittenTensor> tensors, string prefix)
        {
            Raw(0x80, 2, (byte)'}').Text("epoch").Raw((byte)'K', 2, (byte)'s').Text("state_dict").Empty();
            for (var i = 0; i < tensors.Count; i++)
            {
                var (name, type, shape, bytes) = tensors[i];
                Text(prefix + name).Global("torch._utils", "_rebuild_tensor_v2").Raw("(("u8).Text("storage");
                Global("torch", type == SafetensorsType.F32 ? "FloatStorage" : "LongStorage").Text(Numbers.Text(i)).Text("cpu");
                // The stream form says after the count which part of the storage it is: none.
                Integer(bytes.Length / Size(type)).Raw(isStream ? "NtQ"u8 : "tQ"u8).Integer(0).Tuple(shape);
                var strides = new long[shape.Length];
                for (var (axis, stride) = (shape.Length - 1, 1L); axis >= 0; stride *= shape[axis--])
                    strides[axis] = stride;
                Tuple(strides).Raw(0x89).Empty().Raw("tRs"u8);
            }

            return [.. Raw("s."u8).Bytes];
        }

        public Pickle Text(string text) => Raw((byte)'X').Raw(Four(Encoding.UTF8.GetByteCount(text))).Raw(Encoding.UTF8.GetBytes(text));

        public Pickle Raw(params ReadOnlySpan<byte> bytes)
        {
            Bytes.AddRange(bytes);
            return this;
        }

        private Pickle Empty() => Global("collections", "OrderedDict").Raw(")R"u8);

        private Pickle Global(string module, string name) => Raw((byte)'c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

        private Pickle Integer(long value) => Raw((byte)'J').Raw(Four((int)value));

        private Pickle Tuple(long[] numbers)
        {
            Raw((byte)'(');
            foreach (var number in numbers)
                Integer(number);
            return Raw((byte)'t');
        }

        private static byte[] Four(int value)
        {
            var bytes = new byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
            return bytes;
        }
    }
}
