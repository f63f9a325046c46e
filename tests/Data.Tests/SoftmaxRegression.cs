using System.Numerics;
using ReSTE.Native.Datasets;

namespace ReSTE.Native.Data.Tests;

/// <summary>Multinomial logistic regression on normalised pixels, by stochastic gradient descent with momentum.</summary>
internal sealed class SoftmaxRegression
{
    private const int Classes = 10;
    private const float Momentum = 0.9f;
    private readonly int _inputs;
    private readonly float[][] _weights, _steps;

    public SoftmaxRegression(int inputs)
    {
        _inputs = inputs;
        _weights = [.. Enumerable.Range(0, Classes).Select(_ => new float[inputs])];
        _steps = [.. Enumerable.Range(0, Classes).Select(_ => new float[inputs])];
    }

    /// <summary>A set's images as inputs; a constant one at the end of the padding stands for the bias.</summary>
    public static (float[][] Inputs, int[] Labels) Load(Dataset set, Preprocessing preprocessing)
    {
        var images = Images.All(set).ToArray();
        return ([.. images.Select(image => Normalise(image.Pixels, preprocessing))], [.. images.Select(image => image.Label)]);
    }

    /// <summary>One pass in random order, in batches.</summary>
    public void TrainEpoch(float[][] inputs, int[] labels, float rate, int batch, Random random)
    {
        int[] order = [.. Enumerable.Range(0, inputs.Length)];
        random.Shuffle(order);
        foreach (int[] indices in order.Chunk(batch))
            Step([.. indices.Select(i => inputs[i])], [.. indices.Select(i => labels[i])], rate);
    }

    /// <summary>The share of images whose most likely class is their label.</summary>
    public double Accuracy(float[][] inputs, int[] labels) =>
        Enumerable.Range(0, inputs.Length).AsParallel().Count(i => Likeliest(inputs[i]) == labels[i]) / (double)inputs.Length;

    private static float[] Normalise(byte[] pixels, Preprocessing preprocessing)
    {
        float[] x = new float[(pixels.Length / Vector<float>.Count + 1) * Vector<float>.Count];
        for (int i = 0; i < pixels.Length; i++)
            x[i] = (pixels[i] / 255f - preprocessing.Mean[i % 3]) / preprocessing.Deviation[i % 3];
        x[^1] = 1;
        return x;
    }

    private void Step(float[][] x, int[] labels, float rate)
    {
        float[][] slopes = [.. x.Select((image, i) => Slope(image, labels[i]))];
        for (int c = 0; c < Classes; c++)
        {
            float[] weights = _weights[c], steps = _steps[c];
            for (int at = 0; at < _inputs; at += Vector<float>.Count)
            {
                var gradient = Vector<float>.Zero;
                for (int i = 0; i < x.Length; i++)
                    gradient += new Vector<float>(x[i], at) * slopes[i][c];
                var step = new Vector<float>(steps, at) * Momentum + gradient / x.Length;
                step.CopyTo(steps, at);
                (new Vector<float>(weights, at) - step * rate).CopyTo(weights, at);
            }
        }
    }

    private float[] Slope(float[] x, int label)
    {
        float[] slope = Probabilities(x);
        slope[label] -= 1;
        return slope;
    }

    private float[] Probabilities(float[] x)
    {
        float[] scores = [.. _weights.Select(weights => Dot(weights, x))];
        float largest = scores.Max();
        float[] powers = [.. scores.Select(score => MathF.Exp(score - largest))];
        float sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    private int Likeliest(float[] x)
    {
        float[] probabilities = Probabilities(x);
        return probabilities.IndexOf(probabilities.Max());
    }

    private static float Dot(float[] a, float[] b)
    {
        var sum = Vector<float>.Zero;
        for (int i = 0; i < a.Length; i += Vector<float>.Count)
            sum += new Vector<float>(a, i) * new Vector<float>(b, i);
        return Vector.Sum(sum);
    }
}
