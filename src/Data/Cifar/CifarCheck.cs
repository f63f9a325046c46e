using ReSTE.Native.Datasets;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Data.Cifar;

/// <summary>
/// Whether each batch is the one that its file's name says. What contradicts itself is refused, for a network trained or judged on the
/// wrong images looks like any other; what is whole but not the official set may be used, and that it is not is said.
/// </summary>
internal sealed class CifarCheck(CifarSet set, CifarContent content)
{
    private readonly CifarBatch[] _batches = content.Batches;
    private readonly IReadOnlyList<CifarFile> _files = content.Form.Files;

    /// <summary>What there is to say about the set, a line each.</summary>
    /// <exception cref="DatasetException">A batch is another one than its name says, is there twice, or shows nothing.</exception>
    public IReadOnlyList<string> Notices(string path)
    {
        CheckTitles();
        int blank = CountBlank();
        string[] sums = [.. _batches.Select(batch => batch.Sum.GetAwaiter().GetResult())];
        CheckSums(sums);
        int[] others = [.. Enumerable.Range(0, sums.Length).Where(i => !IsOfficial(i, sums[i]))];
        List<string> notices = [];
        if (content.Notice is { } notice)
            notices.Add(notice);
        if (others.Length > 0)
            notices.Add(Unofficial(path, others, blank));
        return notices;
    }

    private void CheckTitles()
    {
        for (int i = 0; i < _batches.Length; i++)
        {
            if (_batches[i].Title is { } title && _files[i].IsContradictedBy(title))
                throw Refuse(i, $"it is another batch than its name says: it calls itself '{OneLine.Of(title)}', not '{_files[i].Title}'");
        }
    }

    private int CountBlank()
    {
        int all = 0;
        for (int i = 0; i < _batches.Length; i++)
        {
            int blank = _batches[i].CountBlank();
            if (blank == _batches[i].Count)
                throw Refuse(i, $"its pixels are gone: each of its {blank} images is of one value throughout");
            all += blank;
        }

        return all;
    }

    private void CheckSums(string[] sums)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            int same = Array.IndexOf(sums, sums[i]);
            string what = _files[i].IsTest ? "a training batch stands in its place" : "a batch stands twice";
            if (same < i)
                throw Refuse(i, $"{what}: it is {_files[same].Name}");
            if (_files.FirstOrDefault(file => file.Md5 == sums[i]) is { } official && official != _files[i])
                throw Refuse(i, $"it is the official {official.Name} under another name");
        }
    }

    private bool IsOfficial(int i, string sum) =>
        _files[i].Md5 is { } md5 && FileSum.IsMd5(sum) ? sum == md5 : _batches[i].Count == _files[i].Images;

    private string Unofficial(string path, int[] others, int blank)
    {
        string which = others.Length == 1 ? $"{_files[others[0]].Name} differs" : $"{others.Length} of its {_files.Count} files differ";
        string gaps = blank > 0 ? $", and {blank} of its images are of one value throughout" : "";
        return $"{OneLine.Of(path)} is not the official {set.Title}: {which}{gaps}; it is used as it is";
    }

    private DatasetException Refuse(int i, string what) => new(DatasetFault.NotWhatItSays,
        $"{OneLine.Of(_batches[i].Path)}: {what}; get the archive from {CifarSet.Source} again")
    {
        File = _batches[i].Path,
    };
}
