using System.Reflection;
using System.Text;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>Where compiled kernels come from.</summary>
public abstract class KernelImages
{
    private protected KernelImages()
    {
    }

    /// <summary>The images inside the engine's assembly.</summary>
    public static KernelImages Embedded { get; } = new EmbeddedImages();

    /// <summary>The images in a folder, under the same names.</summary>
    public static KernelImages FromFolder(string path) => new FolderImages(Path.GetFullPath(path));

    /// <summary>Where they are from and what they were compiled for, or why there are none, in one line.</summary>
    public abstract string Describe();

    /// <summary>The bytes of <c>OP.ptx</c> or <c>OP.sm_90a.cubin</c>, or null where there is no such image.</summary>
    internal abstract byte[]? Find(string fileName);

    private sealed class EmbeddedImages : KernelImages
    {
        private const string Folder = "kernels/";
        private static readonly Assembly Assembly = typeof(KernelImages).Assembly;

        public override string Describe()
        {
            bool any = Array.Exists(Assembly.GetManifestResourceNames(),
                n => n.StartsWith(Folder, StringComparison.Ordinal) && n.EndsWith(".ptx", StringComparison.Ordinal));
            string how = Find("build.txt") is { } text ? OneLine.Of(Encoding.UTF8.GetString(text).Trim().ReplaceLineEndings("; ")) : "the build left no note";
            return any ? $"embedded, {how}" : $"none embedded: {how}";
        }

        internal override byte[]? Find(string fileName)
        {
            using Stream? stream = Assembly.GetManifestResourceStream(Folder + fileName);
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
            int count = Directory.EnumerateFiles(path, "*.ptx").Count();
            return OneLine.Of(count == 0 ? $"the folder {path} holds no .ptx file" : $"{count} {(count == 1 ? "image" : "images")} from {path}");
        }

        internal override byte[]? Find(string fileName)
        {
            string file = Path.Combine(path, fileName);
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
    }
}
