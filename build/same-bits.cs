// Prints the SHA-256 of the tensors in each safetensors file: in ordinal order of their names, the name, the element type, the shape and
// the bytes of each. Metadata and the order in the file do not count. Built and run by build/same-bits.sh.
#:property PublishAot=false
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

foreach (string path in args)
    Console.WriteLine(Sum(File.ReadAllBytes(path)));

static string Sum(byte[] file)
{
    int header = (int)BinaryPrimitives.ReadUInt64LittleEndian(file), data = sizeof(ulong) + header;
    using JsonDocument document = JsonDocument.Parse(file.AsMemory(sizeof(ulong), header));
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (JsonProperty tensor in document.RootElement.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
    {
        if (tensor.Name == "__metadata__")
            continue;
        int[] offsets = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
        string shape = string.Join(',', tensor.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
        hash.AppendData(Encoding.UTF8.GetBytes($"{tensor.Name}\n{tensor.Value.GetProperty("dtype").GetString()}\n{shape}\n"));
        hash.AppendData(file.AsSpan(data + offsets[0], offsets[1] - offsets[0]));
    }

    return Convert.ToHexStringLower(hash.GetHashAndReset());
}
