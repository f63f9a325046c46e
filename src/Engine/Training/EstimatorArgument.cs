using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ReSTE.Native.Training;

/// <summary>A setting of an estimator: a number, or one of the words that its name allows.</summary>
[JsonConverter(typeof(Json))]
public readonly record struct EstimatorArgument
{
    private EstimatorArgument(double number, string? word) => (Number, Word) = (number, word);

    /// <summary>The number; NaN for a word.</summary>
    public double Number { get; }

    /// <summary>The word; null for a number.</summary>
    public string? Word { get; }

    /// <summary>A number.</summary>
    public static implicit operator EstimatorArgument(double number) => new(number, null);

    /// <summary>A word.</summary>
    public static implicit operator EstimatorArgument(string word) => new(double.NaN, word);

    /// <summary>A number.</summary>
    public static EstimatorArgument FromDouble(double number) => number;

    /// <summary>A word.</summary>
    public static EstimatorArgument FromString(string word) => word;

    /// <summary>The shortest text that reads back as the same, of no culture.</summary>
    public override string ToString() => Word ?? Number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number as a JSON number, a word as a string; so is a number that JSON cannot write, which no estimator takes.</summary>
    internal sealed class Json : JsonConverter<EstimatorArgument>
    {
        public override EstimatorArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Number => reader.GetDouble(),
                JsonTokenType.String => reader.GetString()!,
                _ => throw new JsonException("an argument of an estimator is a number or a word"),
            };

        public override void Write(Utf8JsonWriter writer, EstimatorArgument value, JsonSerializerOptions options)
        {
            if (value.Word == null && double.IsFinite(value.Number))
                writer.WriteNumberValue(value.Number);
            else
                writer.WriteStringValue(value.ToString());
        }
    }
}
