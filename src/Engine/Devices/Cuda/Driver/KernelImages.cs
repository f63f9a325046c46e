using System.IO.Compression;
using System.Reflection;
using System.Text;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Where compiled kernels come from.</summary>
abstract partial class KernelImages
{
    private const string Text = ".ptx";

    private protected KernelImages()
    {
    }

    /// <summary>The images inside the engine's assembly.</summary>
    public static KernelImages Embedded { get; } = new EmbeddedImages();

    /// <summary>The images in a folder, under the same names.</summary>
    public static KernelImages FromFolder(string path) => new FolderImages(Path.GetFullPath(path));

    /// <summary>Where they are from and what they were compiled for, or why there are none, in one line.</summary>
    public abstract string Describe();

    /// <summary>The names of the .cu files they are of, in order; no suffix.</summary>
    internal abstract IReadOnlyList<string> Names();

    /// <summary>The bytes of <c>OP.ptx</c> or <c>OP.sm_90a.cubin</c>, or null where there is no such image.</summary>
    internal abstract byte[]? Find(string fileName);

    private static string[] Sorted(IEnumerable<string> files) => [.. files
        .Where(f => f.EndsWith(Text, StringComparison.Ordinal)).Select(f => f[..^Text.Length]).Order(StringComparer.Ordinal)];

    private sealed class EmbeddedImages : KernelImages
    {
        private const string Folder = "kernels/", Compressed = ".gz";
        private static readonly Assembly Assembly = typeof(KernelImages).Assembly;

        public override string Describe()
        {
            string how = Read("build.txt") is { } text ? OneLine.Of(Encoding.UTF8.GetString(text).Trim().ReplaceLineEndings("; "))
                : "the build left no note";
            return Names().Count > 0 ? $"embedded, {how}" : $"none embedded: {how}";
        }

        internal override IReadOnlyList<string> Names() => Sorted(Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(Compressed, StringComparison.Ordinal))
            .Select(n => n[Folder.Length..^Compressed.Length]));

        internal override byte[]? Find(string fileName)
        {
            if (Read(fileName + Compressed) is not { } compressed)
                return null;
            using var image = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
            using var bytes = new MemoryStream();
            image.CopyTo(bytes);
            return bytes.ToArray();
        }

        private static byte[]? Read(string name)
        {
            using Stream? stream = Assembly.GetManifestResourceStream(Folder + name);
            if (stream is null)
                return null;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    private sealed class FolderImages(string path) : KernelImages
    {
        public override string Describe()
        {
            if (!Directory.Exists(path))
                return OneLine.Of($"the folder {path} does not exist");
            int count = Names().Count;
            return OneLine.Of(count == 0 ? $"the folder {path} holds no .ptx file"
                : $"{count} {(count == 1 ? "image" : "images")} from {path}");
        }

        internal override IReadOnlyList<string> Names() => !Directory.Exists(path) ? []
            : Sorted(Directory.EnumerateFiles(path).Select(f => Path.GetFileName(f)));

        internal override byte[]? Find(string fileName)
        {
            string file = Path.Combine(path, fileName);
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
    }
}
