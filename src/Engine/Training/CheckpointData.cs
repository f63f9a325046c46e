using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Training;

/// <summary>Whether the data given now are those that a checkpoint's run was trained on.</summary>
internal static class CheckpointData
{
    /// <summary>Refuses images, labels or preprocessing that are not those of the checkpoint.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="trainedOn">Its data; null where the version that saved it did not say.</param>
    /// <param name="data">The data given now.</param>
    /// <param name="input">How it is preprocessed now.</param>
    /// <exception cref="CheckpointException">They differ.</exception>
    public static void Check(SafetensorsFile file, DataIdentity? trainedOn, DataIdentities data, NetworkInput input)
    {
        DataIdentity now = data.All;
        bool train = trainedOn != null && trainedOn.Train != now.Train, test = trainedOn != null && trainedOn.Test != now.Test;
        bool validation = trainedOn != null && trainedOn.Validation != now.Validation;
        if (train || test || validation)
        {
            string parts = (train, test) switch
            {
                (true, true) => "training and test images",
                (true, false) => "training images",
                (false, true) => "test images",
                _ => "validation images",
            };
            throw new CheckpointException(CheckpointFault.OtherData, file.Name,
                $"the checkpoint was trained on other data: its {parts} are not those given now");
        }

        NetworkInput saved = CheckpointMetadata.Input(file);
        string? other = !saved.Mean.SequenceEqual(input.Mean) ? nameof(Preprocessing.Mean)
            : !saved.Deviation.SequenceEqual(input.Deviation) ? nameof(Preprocessing.Deviation)
            : trainedOn != null && trainedOn.CropPadding != now.CropPadding ? nameof(Preprocessing.CropPadding)
            : trainedOn != null && trainedOn.Flip != now.Flip ? nameof(Preprocessing.Flip) : null;
        if (other != null)
        {
            throw new CheckpointException(CheckpointFault.OtherData, file.Name,
                $"the checkpoint was trained on the same images with another {nameof(Preprocessing)}.{other} than given now");
        }
    }
}
