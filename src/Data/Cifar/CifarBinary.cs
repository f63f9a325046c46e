namespace ReSTE.Native.Data.Cifar;

/// <summary>The binary form of a batch: records of one label byte and 3072 bytes of planes, nothing else.</summary>
internal static class CifarBinary
{
    public const int RecordBytes = 1 + CifarBatch.ImageBytes;

    public static CifarBatch Read(string path)
    {
        byte[] file = BatchFile.ReadAll(path);
        if (file.Length % RecordBytes != 0)
            throw BatchFile.Damaged(path, $"{file.Length} bytes are not a whole number of {RecordBytes}-byte records");

        byte[] labels = new byte[file.Length / RecordBytes];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = file[i * RecordBytes];
            if (labels[i] >= CifarBatch.Classes)
                throw BatchFile.Damaged(path, $"byte {i * RecordBytes}: label {labels[i]} where 0 to 9 was expected");
        }

        return new CifarBatch(file, 1, RecordBytes, labels);
    }
}
