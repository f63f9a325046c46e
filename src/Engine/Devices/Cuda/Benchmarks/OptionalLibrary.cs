using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>What one of NVIDIA's libraries refused: it is compared with, never needed.</summary>
internal sealed class OptionalLibraryException(string message) : Exception(message);

/// <summary>A library that is used where it is found: the file that a variable names and no other, or else what the loader finds.</summary>
internal sealed class OptionalLibrary
{
    private readonly string _name;
    private readonly nint _library;

    private OptionalLibrary(string name, string file, nint library) => (_name, File, _library) = (name, file, library);

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Looks for it; null where it is not found, and then one line says what was tried.</summary>
    /// <param name="name">What it is called: cuBLAS.</param>
    /// <param name="variable">The variable that may name its file.</param>
    /// <param name="files">Names for the loader, the best first.</param>
    /// <param name="note">What became of the search.</param>
    public static OptionalLibrary? Find(string name, string variable, IReadOnlyList<string> files, out string note)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } named)
            files = [named];
        foreach (string file in files)
        {
            if (!NativeLibrary.TryLoad(file, out nint library))
                continue;
            note = $"{name}: {file}";
            return new OptionalLibrary(name, file, library);
        }

        note = $"{name} not found (tried {string.Join(", ", files)}; {variable} names another file): nothing to compare with";
        return null;
    }

    /// <summary>A function of it. Throws <see cref="OptionalLibraryException"/> where there is none.</summary>
    public nint Function(string function) => NativeLibrary.TryGetExport(_library, function, out nint address)
        ? address
        : throw new OptionalLibraryException($"{_name}: {File} has no function {function}");

    /// <summary>Throws where a call failed; 0 is success in these libraries.</summary>
    public void Check(int status, string call)
    {
        if (status != 0)
            throw new OptionalLibraryException($"{_name}: {call} failed with status {status}");
    }
}
