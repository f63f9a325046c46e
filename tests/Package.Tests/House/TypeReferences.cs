using System.Reflection;
using System.Reflection.Emit;

namespace ReSTE.Native.Package.Tests.House;

/// <summary>
/// Which types of an assembly refer to which, read out of the compiled code: base types, interfaces, members, signatures, locals,
/// and every type, method and field that a method's instructions name.
/// </summary>
internal static class TypeReferences
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<int, OpCode> s_opcodes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value & 0xFFFF);

    /// <summary>All pairs of an assembly's own types, nested ones counted as those they are nested in.</summary>
    public static IEnumerable<(Type From, Type To)> In(Assembly assembly) => assembly.GetTypes()
        .SelectMany(from => Of(from).SelectMany(Parts).Where(to => to.Assembly == assembly).Select(to => (Outermost(from), Outermost(to))))
        .Distinct();

    private static IEnumerable<Type?> Of(Type type) =>
    [
        type.BaseType, .. type.GetInterfaces(),
        .. type.GetGenericArguments().Where(a => a.IsGenericParameter).SelectMany(a => a.GetGenericParameterConstraints()),
        .. type.GetFields(Everything).Select(f => f.FieldType), .. type.GetCustomAttributesData().Select(a => a.AttributeType),
        .. type.GetMembers(Everything).OfType<MethodBase>().SelectMany(Of),
    ];

    private static IEnumerable<Type?> Of(MethodBase method)
    {
        Type?[] signature = [(method as MethodInfo)?.ReturnType, .. method.GetParameters().Select(p => p.ParameterType)];
        return method.GetMethodBody() is { } body
            ? [.. signature, .. body.LocalVariables.Select(v => v.LocalType), .. body.ExceptionHandlingClauses.Select(Caught),
                .. Named(method, body.GetILAsByteArray()!)]
            : signature;
    }

    private static Type? Caught(ExceptionHandlingClause clause) =>
        clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null;

    /// <summary>The types, and the types of the members, that instructions name.</summary>
    private static IEnumerable<Type?> Named(MethodBase method, byte[] code)
    {
        Type[] ofType = method.DeclaringType?.GetGenericArguments() ?? [];
        Type[] ofMethod = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            int value = code[at++];
            OpCode opcode = s_opcodes[value == 0xFE ? 0xFE00 | code[at++] : value];
            if (opcode.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok
                or OperandType.InlineType)
            {
                foreach (Type? type in Of(method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)))
                    yield return type;
            }

            at += Size(opcode.OperandType, code, at);
        }
    }

    private static Type?[] Of(MemberInfo? member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodInfo method =>
        [
            method.DeclaringType, method.ReturnType, .. method.GetParameters().Select(p => p.ParameterType),
            .. method.GetGenericArguments(),
        ],
        MethodBase method => [method.DeclaringType, .. method.GetParameters().Select(p => p.ParameterType)],
        _ => [],
    };

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
        _ => 4,
    };

    /// <summary>The types that a type is made of: elements, generic arguments, and itself.</summary>
    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null or { IsGenericParameter: true } => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
        { IsFunctionPointer: true } =>
            [.. Parts(type.GetFunctionPointerReturnType()), .. type.GetFunctionPointerParameterTypes().SelectMany(Parts)],
        _ => [type],
    };

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
