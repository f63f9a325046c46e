namespace ReSTE.Native.Datasets;

/// <summary>What is the matter with a data set.</summary>
public enum DatasetFault
{
    /// <summary>There is no data set of that name.</summary>
    UnknownName,

    /// <summary>There is nothing at the path, or a file of the set is not there.</summary>
    Missing,

    /// <summary>A file is there, but the system does not let it be read.</summary>
    Unreadable,

    /// <summary>A file's content is not what it should be: damaged, cut short or of something else.</summary>
    Damaged,

    /// <summary>A file is whole but packed in a form that is not read, or only a part of the set.</summary>
    OtherForm,

    /// <summary>The files are those of another data set; <see cref="DatasetException.Dataset"/> is its name.</summary>
    OtherDataset,

    /// <summary>A part contradicts its own name: it is another part, is there twice, or shows nothing.</summary>
    NotWhatItSays,

    /// <summary>A label is none of the classes; <see cref="DatasetException.Image"/> is the image that has it.</summary>
    WrongLabel,
}

/// <summary>
/// A data set is missing, damaged or not what it claims to be. The message is one line: which file, what is wrong, and what to do.
/// </summary>
/// <param name="kind">What is the matter.</param>
/// <param name="message">Which file, what is wrong with it, and what to do.</param>
/// <param name="inner">The failure that led to it, if any.</param>
public sealed class DatasetException(DatasetFault kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is the matter, for programs that decide or word something by it.</summary>
    public DatasetFault Kind { get; } = kind;

    /// <summary>The file or folder; null where it is not about one.</summary>
    public string? File { get; init; }

    /// <summary>The name of the data set that the files are of, where that is another than was asked for; else null.</summary>
    public string? Dataset { get; init; }

    /// <summary>The number of the image; null where it is not about one.</summary>
    public int? Image { get; init; }
}
