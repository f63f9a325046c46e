namespace ReSTE.Native.Checkpoints;

/// <summary>The rule that ties the tensors of a file together: their bytes cover the data exactly, each byte once.</summary>
internal static class SafetensorsLayout
{
    /// <summary>Checks that the tensors leave no hole, do not overlap, and end where the file does.</summary>
    /// <exception cref="CheckpointException">They do not; the message names the tensor.</exception>
    public static void Check(string file, ICollection<SafetensorsEntry> entries, long dataLength)
    {
        long covered = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.End > dataLength)
                throw Broken(file, entry, $"ends after the file, which has {dataLength} bytes of data: it is cut short");
            if (entry.Begin < covered)
                throw Broken(file, entry, $"overlaps another, which ends at {covered}");
            if (entry.Begin > covered)
                throw Broken(file, entry, $"leaves a hole from {covered}");
            covered = entry.End;
        }

        if (covered != dataLength)
        {
            throw new CheckpointException(CheckpointFault.Damaged, file,
                $"{dataLength - covered} bytes after the last tensor belong to none");
        }
    }

    private static CheckpointException Broken(string file, SafetensorsEntry entry, string what) =>
        new(CheckpointFault.Damaged, file,
            $"the tensor {CheckpointException.Quote(entry.Name)} at bytes {entry.Begin} to {entry.End} of the data {what}");
}
