using System.Text;
using ReSTE.Native.Checkpoints;

namespace ReSTE.Native.Host;

/// <summary>Text files that are either the old or the new one, whatever happens in between.</summary>
internal static class TextFile
{
    public static void Replace(string path, string text) => AtomicFile.Write(path, file => file.Write(Encoding.UTF8.GetBytes(text)));
}
