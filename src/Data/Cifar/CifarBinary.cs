namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// The binary form of a batch: records of the coarse class's byte, where the set has such, the class's byte and 3072 bytes of planes.
/// </summary>
internal static class CifarBinary
{
    /// <summary>Bytes of an image with its labels.</summary>
    public static int RecordBytes(CifarSet set) => LabelBytes(set) + CifarBatch.ImageBytes;

    /// <summary>Reads a batch from a file's bytes; the path is for messages only.</summary>
    public static CifarBatch Parse(byte[] file, string path, CifarSet set)
    {
        int labelBytes = LabelBytes(set), record = RecordBytes(set);
        if (file.Length % record != 0)
            throw set.Damaged(path, $"{file.Length} bytes are not a whole number of {record}-byte records");

        byte[] labels = new byte[file.Length / record];
        for (int i = 0; i < labels.Length; i++)
        {
            int at = i * record + labelBytes - 1;
            labels[i] = Label(at, set.Classes, "label");
            if (set.CoarseClasses > 0)
                Label(at - 1, set.CoarseClasses, "coarse label");
        }

        return new CifarBatch(file, labelBytes, record, labels);

        byte Label(int at, int classes, string what) => file[at] < classes
            ? file[at]
            : throw set.Damaged(path, $"byte {at}: {what} {file[at]} where 0 to {classes - 1} was expected");
    }

    private static int LabelBytes(CifarSet set) => set.CoarseClasses > 0 ? 2 : 1;
}
